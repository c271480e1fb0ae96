"use strict";
// Makes a run that is shown under `page` usable: the report does so once, the studio for each view it gets.
function showRun(page) {
  const all = (selector, root = page) => [...root.querySelectorAll(selector)];
  const say = (text) => { document.getElementById("said").textContent = text; };

  // Whole codes: parts that are texts, or indices of data URIs which several candidates share.
  const { blobs, codes } = JSON.parse(document.getElementById("codes").textContent);
  const codeOf = (key) => (codes[key] ?? []).map((part) => (typeof part === "number" ? blobs[part] : part)).join("");

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      area.className = "hidden";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  for (const button of all("button.copy")) {
    button.addEventListener("click", async () => {
      const done = await copy(codeOf(button.dataset.code));
      button.textContent = done ? "Copied" : "Copying failed";
      say(done ? "The code was copied" : "The code could not be copied");
      setTimeout(() => { button.textContent = "Copy"; }, 1600);
    });
  }

  // A number in a list shows its box on the pictures it belongs to.
  for (const list of all("[data-pictures]")) {
    const pictures = document.querySelector(list.dataset.pictures);
    if (!pictures) continue;
    const boxes = (number) => (pictures.dataset.foreign ? [] : all(`.mark[data-number="${number}"]`, pictures));
    for (const item of all(".discrepancy", list)) {
      const button = item.querySelector("button.number");
      if (!button) continue;
      const light = (on) => boxes(item.dataset.number).forEach((box) => box.classList.toggle("lit", on));
      item.addEventListener("pointerenter", () => light(true));
      item.addEventListener("pointerleave", () => light(button.getAttribute("aria-pressed") === "true"));
      button.addEventListener("click", () => {
        pictures.dispatchEvent(new Event("own"));
        const on = button.getAttribute("aria-pressed") !== "true";
        for (const other of all('button.number[aria-pressed="true"]', list)) {
          other.setAttribute("aria-pressed", "false");
          boxes(other.closest(".discrepancy").dataset.number).forEach((box) => box.classList.remove("lit"));
        }
        button.setAttribute("aria-pressed", String(on));
        light(on);
        pictures.classList.toggle("spotlight", on);
        if (on) boxes(item.dataset.number).find((box) => box.offsetParent)?.scrollIntoView({ block: "nearest" });
      });
    }
  }

  for (const check of all(".show-marks")) {
    const framed = check.closest(".pictured").querySelector(".framed");
    check.addEventListener("change", () => framed.classList.toggle("bare", !check.checked));
  }

  // A link to a candidate opens it, moves the focus and leaves a trace for the eye.
  for (const link of all('a[href^="#candidate-"]')) {
    link.addEventListener("click", () => {
      document.querySelector(link.getAttribute("href"))?.focus({ preventScroll: true });
    });
  }

  const compare = document.getElementById("compare");
  if (!compare) return;
  const stage = compare.querySelector(".stage");
  const within = (id) => document.getElementById(id);
  const [split, opacity, gain, shown, boxes] = ["split", "opacity", "gain", "shown", "boxes"].map(within);

  const modes = all('input[name="mode"]', compare);
  const setMode = () => {
    compare.dataset.mode = modes.find((item) => item.checked)?.value ?? compare.dataset.mode;
    split.disabled = compare.dataset.mode !== "slider";
  };
  modes.forEach((item) => item.addEventListener("change", setMode));
  setMode();

  const setSplit = () => {
    stage.style.setProperty("--split", `${split.value}%`);
    split.setAttribute("aria-valuetext", `${split.value}% reference`);
  };
  split.addEventListener("input", setSplit);
  setSplit();
  const follow = (event) => {
    const area = stage.getBoundingClientRect();
    split.value = Math.round((100 * (event.clientX - area.left)) / area.width);
    setSplit();
  };
  stage.addEventListener("pointerdown", (event) => {
    if (compare.dataset.mode !== "slider" || event.button !== 0) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    split.focus({ preventScroll: true });
    follow(event);
  });
  stage.addEventListener("pointermove", (event) => {
    if (stage.hasPointerCapture(event.pointerId)) follow(event);
  });

  const setOpacity = () => stage.style.setProperty("--opacity", opacity.value / 100);
  opacity.addEventListener("input", setOpacity);
  setOpacity();
  const setGain = () => {
    stage.style.setProperty("--gain", gain.value);
    gain.parentElement.querySelector("output").textContent = `${gain.value}×`;
  };
  gain.addEventListener("input", setGain);
  setGain();
  const setBoxes = () => compare.classList.toggle("boxed", boxes.checked);
  boxes.addEventListener("change", setBoxes);
  setBoxes();

  // Any candidate beside the reference: its picture and boxes are taken from its own article.
  const render = compare.querySelector(".layer.render img");
  const original = all(".marks", compare).map((marks) => marks.innerHTML);
  const choose = () => {
    const article = document.getElementById(`candidate-${shown.value}`);
    render.src = article.querySelector(".framed img").src;
    render.alt = `Render of candidate ${shown.value}`;
    within("shown-name").textContent = shown.selectedOptions[0].textContent;
    const marks = article.querySelector(".framed .marks").innerHTML;
    all(".marks", compare).forEach((item, at) => { item.innerHTML = shown.selectedIndex ? marks : original[at]; });
    compare.dataset.foreign = shown.selectedIndex ? "yes" : "";
    compare.classList.remove("spotlight");
  };
  shown?.addEventListener("change", choose);
  // A list of the best's discrepancies wants the best's boxes back.
  compare.addEventListener("own", () => {
    if (!compare.dataset.foreign) return;
    shown.selectedIndex = 0;
    choose();
  });
}

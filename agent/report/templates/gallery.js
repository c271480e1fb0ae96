document.addEventListener("DOMContentLoaded", () => {
  const source = document.getElementById("data");
  if (!source) return;
  const { names, columns } = JSON.parse(source.textContent);
  const count = columns.id.length;
  const list = document.getElementById("list");
  const form = document.querySelector("form.controls");
  const field = form.elements;
  const counted = form.querySelector("output");
  const nothing = document.getElementById("nothing");
  const pattern = document.getElementById("item").content.firstElementChild;

  // Numbers as the reports write them.
  const reward = (value) => value.toFixed(2);
  const similarity = (value) => (value >= 1 ? value : Math.min(value, 0.9999)).toFixed(4);
  const duration = (seconds) => (seconds < 1 ? `${seconds.toFixed(2)} s` : seconds < 60 ? `${seconds.toFixed(1)} s`
    : `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`);
  const moved = (said, first, last) => (said(first) === said(last) ? [said(last)] : [`${said(first)} → `, said(last)]);
  const plain = (name) => name.replaceAll("_", " ");
  const named = (column, at) => names[column][columns[column][at]];
  const failed = (at) => named("status", at) === "failed";
  const judged = (at) => !failed(at) && columns.reward[at] !== null && columns.first[at] !== null;

  // A path in the batch's folder as a link: each part is encoded, so that nothing in it can be an address.
  function address(path, at) {
    if (!path) return "";
    const whole = path.startsWith("./") ? columns.folder[at] + path.slice(1) : path;
    try {
      return whole.split("/").map(encodeURIComponent).join("/");
    } catch {
      return "";
    }
  }

  // What is shown, in which order.
  const collator = new Intl.Collator(undefined, { numeric: true });
  const first = { reward: 1, gain: 1, similarity: 1, seconds: -1, id: 1, place: 1 };
  const orders = { reward: ["worst first", "best first"], gain: ["smallest first", "largest first"],
    similarity: ["lowest first", "highest first"], seconds: ["shortest first", "longest first"],
    id: ["A to Z", "Z to A"], place: ["first to last", "last to first"] };
  const keys = {
    reward: (at) => (judged(at) ? columns.reward[at] : -1),
    gain: (at) => (judged(at) ? columns.reward[at] - columns.first[at] : -9),
    similarity: (at) => (judged(at) ? columns.similarity[at] : -1),
    seconds: (at) => columns.seconds[at],
    place: (at) => at,
  };
  let direction = 1;
  let shown = [];

  function compare(sort) {
    if (sort === "id") return (one, two) => direction * collator.compare(columns.id[one], columns.id[two]) || one - two;
    const values = Float64Array.from({ length: count }, (_, at) => keys[sort](at));
    return (one, two) => direction * (values[one] - values[two])
      || direction * (columns.similarity[one] - columns.similarity[two]) || one - two;
  }

  let texts = null;
  const textOf = (at) => {
    texts ??= columns.id.map((id, place) => `${id}\n${columns.source[place]}\n${columns.error[place]}`.toLowerCase());
    return texts[at];
  };

  function choose() {
    const wanted = ["kind", "status", "stop_reason"].map((name) => [name, field[name].value])
      .filter(([, value]) => value !== "").map(([name, value]) => [columns[name], Number(value)]);
    const words = field.find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const bound = (name, open) => (Number.isFinite(field[name].valueAsNumber) ? field[name].valueAsNumber : open);
    const [low, high] = [bound("from", -Infinity), bound("to", Infinity)];
    shown = [];
    for (let at = 0; at < count; at += 1) {
      if (columns.reward[at] < low || columns.reward[at] > high) continue;
      if (!wanted.every(([column, value]) => column[at] === value)) continue;
      if (words.length && !words.every((word) => textOf(at).includes(word))) continue;
      shown.push(at);
    }
    shown.sort(compare(field.sort.value));
    counted.textContent = shown.length === count ? `${count.toLocaleString("en")} items`
      : `${shown.length.toLocaleString("en")} of ${count.toLocaleString("en")} items`;
    nothing.hidden = shown.length > 0;
    field.order.textContent = orders[field.sort.value][direction > 0 ? 0 : 1];
    active = Math.min(active, Math.max(0, shown.length - 1));
    clear();
    layout();
  }

  // Only the cards near the window exist; all have one height.
  const sizes = { small: [300, 250], medium: [430, 344], large: [760, 640] };
  const GAP = 14;
  const cards = new Map();
  let [across, wide, tall, active] = [1, 0, 0, 0];

  function layout() {
    const [least, height] = sizes[field.size.value];
    across = Math.max(1, Math.floor((list.clientWidth + GAP) / (least + GAP)));
    wide = (list.clientWidth - GAP * (across - 1)) / across;
    tall = Math.min(height, Math.round(wide * 0.62) + 130);
    list.dataset.size = field.size.value;
    list.style.height = `${Math.max(0, Math.ceil(shown.length / across) * (tall + GAP) - GAP)}px`;
    for (const [at, card] of cards) place(card, at);
    draw();
  }

  function place(card, at) {
    card.style.width = `${wide}px`;
    card.style.height = `${tall}px`;
    card.style.left = `${(at % across) * (wide + GAP)}px`;
    card.style.top = `${Math.floor(at / across) * (tall + GAP)}px`;
  }

  function remove(at) {
    clearTimeout(cards.get(at).timer);
    cards.get(at).remove();
    cards.delete(at);
  }

  function clear() {
    for (const at of [...cards.keys()]) remove(at);
  }

  function draw() {
    const area = list.getBoundingClientRect();
    const over = innerHeight / 2;
    const from = Math.max(0, Math.floor((-area.top - over) / (tall + GAP)) * across);
    const to = Math.min(shown.length, (Math.floor((innerHeight - area.top + over) / (tall + GAP)) + 1) * across);
    for (const at of [...cards.keys()]) {
      if ((at < from || at >= to) && !cards.get(at).contains(document.activeElement)) remove(at);
    }
    for (let at = from; at < to; at += 1) {
      if (cards.has(at)) continue;
      const card = make(shown[at]);
      card.at = at;
      card.tabIndex = at === active ? 0 : -1;
      card.setAttribute("aria-posinset", at + 1);
      card.setAttribute("aria-setsize", shown.length);
      place(card, at);
      cards.set(at, card);
      // In the order of the list, which is the order of reading and of the tab key.
      const after = [...list.children].find((other) => other.at > at);
      list.insertBefore(card, after ?? null);
      // A moment later, so that what only flies past is never asked for.
      card.timer = setTimeout(() => {
        for (const image of card.querySelectorAll("img[data-src]")) image.src = image.dataset.src;
      }, 80);
    }
  }

  // One card.
  const make = (at) => {
    const card = pattern.cloneNode(true);
    const find = (selector) => card.querySelector(selector);
    const link = find("h2 a");
    const id = columns.id[at];
    if (columns.report[at]) {
      link.textContent = id;
      link.href = address("./report.html", at);
      find(".name").remove();
    } else {
      find(".name").textContent = id;
      link.remove();
    }
    find("h2").title = id;
    find(".where").textContent = find(".where").title = columns.source[at];
    find(".kind").textContent = named("kind", at) || "unknown";
    if (!judged(at)) {
      find(".reward").textContent = failed(at) ? "failed" : "not judged";
      find(".reward").className = "failed";
    } else {
      score(find(".reward"), "reward", moved(reward, columns.first[at], columns.reward[at]));
      score(find(".similarity"), "similarity", moved(similarity, columns.first_similarity[at], columns.similarity[at]));
    }
    const stop = plain(named("stop_reason", at));
    find(".stop").textContent = [stop && `stopped: ${stop}`, columns.seconds[at] ? duration(columns.seconds[at]) : ""]
      .filter(Boolean).join(" · ");
    find(".stop").title = find(".stop").textContent;
    spark(find(".spark"), columns.rewards[at]);
    const thumbs = find(".thumbs");
    if (columns.reference[at] || columns.render[at]) thumbs.append(picture(at, "reference", "Reference"));
    if (columns.render[at]) thumbs.append(picture(at, "render", "Best render"));
    else if (columns.code[at]) thumbs.append(text(columns.code[at], columns.file[at], "code"));
    else if (columns.error[at]) thumbs.append(text(columns.error[at], "Why it failed", "error"));
    else thumbs.append(text("nothing rendered", "", "error"));
    if (thumbs.children.length === 1) thumbs.firstElementChild.className = "only";
    if (columns.error[at] && (columns.render[at] || columns.code[at])) find(".where").textContent = columns.error[at];
    card.setAttribute("aria-label", `${id}, ${named("kind", at) || "unknown kind"}, `
      + (failed(at) ? "failed" : judged(at) ? `reward ${reward(columns.reward[at])}` : "not judged"));
    return card;
  };

  function score(element, what, [before, after]) {
    const label = document.createElement("span");
    label.className = "what";
    label.textContent = `${what} `;
    const last = document.createElement("b");
    last.textContent = after ?? before;
    element.append(label, after === undefined ? "" : before, last);
  }

  function picture(at, column, caption) {
    const figure = document.createElement("figure");
    const under = document.createElement("figcaption");
    under.textContent = caption;
    const image = document.createElement("img");
    image.alt = `${caption} of ${columns.id[at]}`;
    image.decoding = "async";
    image.dataset.src = address(columns[column][at], at);
    const absent = () => {
      const box = document.createElement("div");
      box.className = "missing";
      box.textContent = columns[column][at] ? "the picture is missing" : "no picture";
      image.replaceWith(box);
    };
    image.addEventListener("error", absent);
    const frame = document.createElement(columns.report[at] ? "a" : "div");
    frame.className = "frame";
    if (columns.report[at]) {
      frame.href = address("./report.html", at);
      frame.tabIndex = -1;
    }
    frame.append(image);
    figure.append(frame, under);
    if (!image.dataset.src) absent();
    return figure;
  }

  function text(content, caption, name) {
    const figure = document.createElement("figure");
    const block = document.createElement("pre");
    block.className = name;
    block.tabIndex = 0;
    block.textContent = content;
    const under = document.createElement("figcaption");
    under.textContent = caption;
    figure.append(block, under);
    return figure;
  }

  // The best reward by round. A gain of a tenth fills half of the height, so that small gains look small.
  function spark(svg, rewards) {
    if (rewards.length < 2) {
      svg.remove();
      return;
    }
    const [low, high] = [Math.min(...rewards), Math.max(...rewards)];
    const range = Math.max(0.2, high - low);
    const points = rewards.map((value, at) => [(3 + (66 * at) / (rewards.length - 1)).toFixed(1),
      (11 + (16 * ((low + high) / 2 - value)) / range).toFixed(1)]);
    svg.firstElementChild.setAttribute("points", points.map((point) => point.join(",")).join(" "));
    const end = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of [["cx", points.at(-1)[0]], ["cy", points.at(-1)[1]], ["r", 2.6]]) end.setAttribute(name, value);
    svg.append(end);
    svg.setAttribute("aria-label", `Reward by round: ${rewards.map(reward).join(", ")}`);
  }

  // Keys: arrows move from card to card, Enter opens the report, / goes to the search.
  function go(to) {
    if (!shown.length) return;
    const before = cards.get(active);
    if (before) before.tabIndex = -1;
    active = Math.max(0, Math.min(shown.length - 1, to));
    const top = Math.floor(active / across) * (tall + GAP) + list.getBoundingClientRect().top;
    const bar = getComputedStyle(form).position === "sticky" ? form.offsetHeight + 8 : 8;
    if (top < bar) scrollBy({ top: top - bar, behavior: "instant" });
    else if (top + tall > innerHeight - 8) scrollBy({ top: top + tall - innerHeight + 8, behavior: "instant" });
    draw();
    cards.get(active).tabIndex = 0;
    cards.get(active).focus({ preventScroll: true });
    draw();
  }

  list.addEventListener("focusin", (event) => {
    const card = event.target.closest(".entry");
    if (!card || card.at === active) return;
    if (cards.has(active)) cards.get(active).tabIndex = -1;
    active = card.at;
    card.tabIndex = 0;
  });

  list.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.matches(".entry, .entry a")) return;
    const page = Math.max(1, Math.floor(innerHeight / (tall + GAP))) * across;
    const steps = { ArrowRight: active + 1, ArrowLeft: active - 1, ArrowDown: active + across, ArrowUp: active - across,
      PageDown: active + page, PageUp: active - page, Home: 0, End: shown.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      const beyond = steps[event.key] < 0 || steps[event.key] >= shown.length;
      if (!beyond || event.key.startsWith("Page")) go(steps[event.key]);
    } else if (event.key === "Enter" && event.target.matches(".entry")) {
      event.target.querySelector("h2 a")?.click();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.matches("input, select, textarea")) return;
    event.preventDefault();
    field.find.focus();
    field.find.select();
  });

  // The choice is kept in the address: it holds when one comes back from a report, and can be sent.
  const fields = ["sort", "kind", "status", "stop_reason", "from", "to", "find", "size"];
  const usual = { sort: "reward", size: "medium" };
  const name = (key, value) => (names[key] && value !== "" ? names[key][value] || "none" : value);

  function remember() {
    const kept = new URLSearchParams();
    for (const key of fields) {
      if (field[key].value !== (usual[key] ?? "")) kept.set(key, name(key, field[key].value));
    }
    if (direction !== first[field.sort.value]) kept.set("order", "reversed");
    history.replaceState(history.state, "", `${location.pathname}${location.search}${kept.size ? `#${kept}` : ""}`);
  }

  function recall() {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const key of fields) {
      let value = kept.get(key) ?? usual[key] ?? "";
      if (names[key] && value !== "") value = String(names[key].indexOf(value === "none" ? "" : value));
      if (field[key].type === "number" && !Number.isFinite(Number(value))) value = "";
      field[key].value = value;
      if (field[key].value !== value) field[key].value = usual[key] ?? "";
    }
    direction = first[field.sort.value] * (kept.get("order") === "reversed" ? -1 : 1);
  }

  function fill(key, all) {
    const tally = new Map();
    for (const value of columns[key]) tally.set(value, (tally.get(value) ?? 0) + 1);
    const choices = [...tally].sort((one, two) => two[1] - one[1]);
    field[key].append(new Option(all, ""));
    for (const [value, times] of choices) {
      field[key].append(new Option(`${plain(names[key][value]) || "none"} (${times.toLocaleString("en")})`, value));
    }
  }

  function changed() {
    choose();
    remember();
    const top = list.getBoundingClientRect().top + scrollY - form.offsetHeight - GAP;
    if (scrollY > top) scrollTo({ top, behavior: "instant" });
  }

  function restart() {
    active = 0;
    changed();
  }

  for (const [key, all] of [["kind", "all"], ["status", "all"], ["stop_reason", "anything"]]) fill(key, all);
  form.hidden = false;
  recall();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target.name === "find") return;
    if (event.target.name === "sort") direction = first[field.sort.value];
    if (event.target.name !== "size") return restart();
    clear();
    layout();
    remember();
    if (active) go(active);
    return undefined;
  });
  let typing = 0;
  field.find.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(restart, 120);
  });
  field.order.addEventListener("click", () => {
    direction = -direction;
    restart();
  });
  const reset = () => {
    for (const key of fields) if (key !== "size") field[key].value = usual[key] ?? "";
    direction = first[field.sort.value];
    restart();
  };
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    reset();
  });
  nothing.querySelector("button").addEventListener("click", reset);
  addEventListener("hashchange", () => { recall(); choose(); });

  let waiting = 0;
  addEventListener("scroll", () => {
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      draw();
    });
  }, { passive: true });
  let measured = list.clientWidth;
  new ResizeObserver(() => {
    if (list.clientWidth === measured) return;
    measured = list.clientWidth;
    layout();
  }).observe(list);
  choose();
});

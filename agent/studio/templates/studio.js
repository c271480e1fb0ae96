"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  const kinds = JSON.parse(document.body.dataset.kinds);
  const categories = JSON.parse(document.body.dataset.categories);
  const say = (text) => { at("said").textContent = text; };
  const make = (tag, text, props = {}) => Object.assign(document.createElement(tag), { textContent: text, ...props });
  const api = (name, rest) => `api/runs/${name.split("/").map(encodeURIComponent).join("/")}/${rest}`;

  async function ask(path, options) {
    const answer = await fetch(path, options);
    if (answer.ok) return answer;
    throw new Error((await answer.text()) || `${answer.status}`);
  }
  const post = (path, value) => ask(path, { method: "POST", body: JSON.stringify(value ?? {}) });
  const trying = (work) => async (...given) => {
    try { await work(...given); } catch (error) { at("doing").textContent = error.message; say(error.message); }
  };

  // New runs
  const options = (select, first, names) => select.replaceChildren(
    new Option(first, select.id === "kind" ? "auto" : ""), ...names.map((name) => new Option(name.replaceAll("_", " "), name)));
  at("kind").addEventListener("change", () => options(at("to"), "its first format", kinds[at("kind").value] ?? []));

  const chosen = (kind, to) => {
    const all = { kind, to, width: at("width").value || 1, rounds: at("rounds").value || 0, seconds: at("seconds").value, ask: at("ask").checked };
    return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== ""));
  };
  const begin = trying(async (file) => {
    const form = chosen(at("kind").value, at("to").value);
    form.set("name", file.name || "pasted.png");
    const { name } = await (await ask(`api/runs?${form}`, { method: "POST", body: file })).json();
    show(name, file);
  });
  const beginAll = (files) => [...files].filter((file) => file.type.startsWith("image/")).forEach(begin);
  at("files").addEventListener("change", () => { beginAll(at("files").files); at("files").value = ""; });
  addEventListener("paste", (event) => beginAll(event.clipboardData.files));
  for (const over of ["dragenter", "dragover"]) addEventListener(over, (event) => { event.preventDefault(); at("drop").classList.add("over"); });
  addEventListener("dragleave", () => at("drop").classList.remove("over"));
  addEventListener("drop", (event) => { event.preventDefault(); at("drop").classList.remove("over"); beginAll(event.dataTransfer.files); });
  at("start").addEventListener("submit", (event) => event.preventDefault());

  async function list() {
    const runs = await (await ask("api/runs")).json();
    at("runs").replaceChildren(...runs.map((run) => {
      const item = make("li", "");
      const link = make("a", run.name, { href: `#${encodeURIComponent(run.name)}` });
      if (run.name === current?.name) link.setAttribute("aria-current", "page");
      const state = run.running ? "at work" : run.stop_reason ? run.stop_reason.replaceAll("_", " ") : "not finished";
      const reward = run.reward === null ? "" : `, reward ${run.reward.toFixed(2)}`;
      item.append(link, make("span", ` ${run.kind ? `${run.kind}, ` : ""}${state}${reward}`, { className: "note" }));
      return item;
    }));
  }

  // The run that is shown
  let current = null;
  let source = null;
  const box = boxOn(at("canvas"), at("drawn-on"), at("rect"), ["left", "top", "right", "bottom"].map(at));

  function show(name, file) {
    source?.close();
    current = { name, state: null, file: null, again: false, busy: false };
    const mine = current;
    location.hash = encodeURIComponent(name);
    at("run").hidden = false;
    at("title").textContent = name;
    at("doing").textContent = "reading the picture";
    at("view").replaceChildren();
    at("tree").replaceChildren();
    at("code").value = "";
    at("latest").removeAttribute("src");
    at("reference").removeAttribute("src");
    at("typed").removeAttribute("src");
    if (file) at("reference").src = URL.createObjectURL(file);
    box.clear();
    at("download").href = api(name, "code");
    at("report").href = api(name, "report");
    source = new EventSource(api(name, "events?after=0"));
    source.onmessage = (message) => { if (current === mine) happened(JSON.parse(message.data)); };
    refresh();
  }

  const doing = {
    resumed: () => "going on",
    drafting: (it) => (it.parent === null ? "drafting" : `round ${it.round}: mending candidate ${it.parent}`),
    drafted: (it) => `candidate ${it.id} is drafted`,
    rendered: (it) => `candidate ${it.id} is rendered`,
    critiqued: (it) => `candidate ${it.id}: ${it.reward === null ? "not judged" : `reward ${it.reward.toFixed(2)}`}, ${it.accepted ? "kept" : "not better"}`,
    rejudged: (it) => `candidate ${it.id} was judged again`,
    asked: (it) => (it.waits ? "your turn: say what is wrong, accept, or go on" : it.stopping ? `ending: ${it.stopping}` : "going on"),
    stopped: (it) => `ended: ${it.reason.replaceAll("_", " ")}`,
    failed: (it) => `failed: ${it.message}`,
  };
  function happened(event) {
    at("doing").textContent = doing[event.what]?.(event) ?? event.what;
    at("run").dataset.last = event.seq;
    if (event.picture && event.what !== "rejudged") {
      at("latest").src = api(current.name, `pictures/${event.picture}.png`);
      at("latest-name").textContent = `Candidate ${event.id}`;
    }
    if (["critiqued", "rejudged", "stopped", "failed", "resumed", "asked"].includes(event.what)) refresh();
  }

  async function refresh() {
    const mine = current;
    if (mine.busy) { mine.again = true; return; }
    mine.busy = true;
    try {
      do {
        mine.again = false;
        const state = await (await ask(api(mine.name, "state"))).json();
        const view = await (await ask(api(mine.name, "view"))).text();
        if (current !== mine) return;
        mine.state = state;
        told(state);
        at("view").innerHTML = view; // escaped by the templates; a policy lets no script in it run
        showRun(at("view"));
        await list();
      } while (mine.again);
    } catch (error) {
      at("doing").textContent = error.message;
    } finally {
      mine.busy = false;
    }
  }

  function told(state) {
    const mine = current;
    at("title").textContent = state.picture;
    at("title").append(...[state.kind, state.language].filter(Boolean).map((text) => make("span", text, { className: "chip" })));
    at("stop").disabled = !state.running;
    at("go-on").disabled = state.running && !state.waits;
    at("waits").checked = state.waits;
    if (!state.running && !at("run").dataset.last) at("doing").textContent = state.stop_reason ? `ended: ${state.stop_reason.replaceAll("_", " ")}` : "not finished; it can go on";
    if (state.reference) at("reference").src = api(current.name, state.reference);
    if (state.size) box.resize(state.size);
    const names = categories[state.kind] ?? [];
    if (at("category").options.length !== names.length + 1) options(at("category"), "as proposed", names);
    if (!mine.known && state.kind) { mine.known = true; at("again-kind").value = state.kind; formats(state.language); }
    const chosen = at("of").value;
    const drawn = state.candidates.filter((item) => item.picture);
    at("of").replaceChildren(new Option("the best so far", ""), ...drawn.map((item) => new Option(`candidate ${item.id}`, item.id)));
    at("of").value = drawn.some((item) => String(item.id) === chosen) ? chosen : "";
    drawnOn();
    if (!at("code").value) load();
    at("tree").replaceChildren(...branch(state, null));
  }

  function branch(state, parent) {
    return state.candidates.filter((item) => item.parent === parent).map((item) => {
      const line = make("li", "");
      const reward = item.reward === null ? item.status || "nothing more" : item.reward.toFixed(2);
      const verdict = item.id === state.best ? "best" : item.accepted ? "kept" : "rejected";
      line.append(make("a", `Candidate ${item.id}`, { href: `#candidate-${item.id}` }), make("span", ` round ${item.round}, ${reward} `), make("span", verdict, { className: `verdict ${verdict}` }));
      line.firstChild.addEventListener("click", (event) => { event.preventDefault(); const card = at(`candidate-${item.id}`); card?.scrollIntoView(); card?.focus({ preventScroll: true }); });
      if (item.picture) {
        for (const [text, answer] of [["Go on from it", { candidate: item.id }], ["Accept", { candidate: item.id, stop: true }], ["Reject", { rejected: [item.id] }]]) {
          const button = make("button", text, { type: "button" });
          button.setAttribute("aria-label", `${text}: candidate ${item.id}`);
          button.addEventListener("click", trying(() => answered(answer)));
          line.append(" ", button);
        }
      }
      const below = branch(state, item.id);
      if (below.length) { const inner = make("ul", ""); inner.append(...below); line.append(inner); }
      return line;
    });
  }

  async function answered(answer) {
    await post(api(current.name, "say"), answer);
    say("It was said");
    await refresh();
  }

  const of = () => (at("of").value === "" ? current.state?.best ?? null : Number(at("of").value));
  function drawnOn() {
    const state = current.state;
    const render = document.querySelector('input[name="drawn-on"]:checked').value === "render";
    const picture = render ? state.candidates.find((item) => item.id === of())?.picture : state.reference;
    if (picture) at("drawn-on").src = api(current.name, picture);
  }
  document.querySelectorAll('input[name="drawn-on"]').forEach((item) => item.addEventListener("change", drawnOn));
  at("of").addEventListener("change", drawnOn);
  at("no-box").addEventListener("click", box.clear);
  at("cause").addEventListener("change", () => {
    const [cause] = at("cause").value.split(" ");
    at("wanted-label").hidden = !["text", "recoloured"].includes(cause);
    at("wanted-label").firstChild.textContent = cause === "text" ? "It should read" : "It should be (#rrggbb)";
  });
  at("say").addEventListener("submit", trying(async (event) => {
    event.preventDefault();
    const [cause, part] = at("cause").value.split(" ");
    const finding = { description: at("words").value, severity: Number(at("severity").value), source: "human" };
    if (at("category").value) finding.category = at("category").value;
    if (box.value()) finding.box = box.value();
    if (cause) finding.cause = cause;
    if (cause === "text" || part) finding.part = part ?? "text";
    if (!at("wanted-label").hidden && at("wanted").value) finding.wanted = at("wanted").value;
    const answer = { findings: [finding] };
    if (at("of").value !== "") answer.candidate = Number(at("of").value);
    await answered(answer);
    at("words").value = at("wanted").value = "";
    box.clear();
  }));

  // Code by hand
  const load = trying(async () => {
    const id = of();
    at("code").value = await (await ask(api(current.name, id === null ? "code" : `code?candidate=${id}`))).text();
    draw();
  });
  let waiting = 0;
  const draw = trying(async () => {
    const mine = current;
    if (!at("code").value.trim()) return;
    const answer = await fetch(api(mine.name, "draw"), { method: "POST", body: JSON.stringify({ code: at("code").value }) });
    if (current !== mine) return;
    const log = answer.ok ? "" : await answer.text();
    at("typed-log").hidden = answer.ok;
    at("typed-log").textContent = log.startsWith("{") ? JSON.parse(log).log || JSON.parse(log).status : log;
    if (answer.ok) at("typed").src = URL.createObjectURL(await answer.blob());
  });
  at("typed").addEventListener("load", () => URL.revokeObjectURL(at("typed").src));
  at("code").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(draw, 400); });
  at("load").addEventListener("click", load);
  at("keep").addEventListener("click", trying(async () => {
    const answer = { code: at("code").value };
    if (of() !== null) answer.candidate = of();
    await answered(answer);
  }));

  // What a run does next
  at("stop").addEventListener("click", trying(async () => { await post(api(current.name, "stop")); await refresh(); }));
  at("go-on").addEventListener("click", trying(async () => {
    if (current.state?.running) await answered({});
    else await post(api(current.name, "go-on"), { rounds: Number(at("more").value) });
    await refresh();
  }));
  at("waits").addEventListener("change", trying(() => post(api(current.name, "waits"), { on: at("waits").checked })));
  const formats = (wanted) => {
    at("again-to").replaceChildren(...(kinds[at("again-kind").value] ?? []).map((name) => new Option(name, name, false, name === wanted)));
  };
  at("again-kind").addEventListener("change", () => formats());
  at("again").addEventListener("submit", trying(async (event) => {
    event.preventDefault();
    const form = chosen(at("again-kind").value, at("again-to").value);
    const { name } = await (await ask(`${api(current.name, "again")}?${form}`, { method: "POST" })).json();
    show(name);
  }));
  at("open-folder")?.addEventListener("click", trying(() => post(api(current.name, "open"))));
  at("copy-folder").addEventListener("click", trying(async () => {
    await navigator.clipboard.writeText(current.state.folder);
    say("The path was copied");
  }));

  const opened = () => {
    const name = decodeURIComponent(location.hash.slice(1));
    if (name && name !== current?.name && !name.startsWith("candidate-")) { delete at("run").dataset.last; show(name); }
  };
  addEventListener("hashchange", opened);
  list().then(opened, (error) => say(error.message));
})();

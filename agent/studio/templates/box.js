"use strict";
// A box on a picture: drawn with a pointer, or typed; both show the same.
function boxOn(canvas, image, rect, inputs, changed) {
  let size = null;
  let from = null;
  const read = () => inputs.map((input) => (input.value === "" ? NaN : Number(input.value)));
  const draw = () => {
    const [left, top, right, bottom] = read();
    const whole = size !== null && right > left && bottom > top;
    rect.setAttribute("visibility", whole ? "visible" : "hidden");
    if (!whole) return;
    rect.setAttribute("x", left);
    rect.setAttribute("y", top);
    rect.setAttribute("width", right - left);
    rect.setAttribute("height", bottom - top);
  };
  const write = (edges) => {
    inputs.forEach((input, at) => { input.value = edges === null ? "" : Math.round(edges[at]); });
    draw();
    changed?.();
  };
  const place = (event) => {
    const area = image.getBoundingClientRect();
    const within = (value, most) => Math.min(Math.max(value, 0), most);
    return [
      within(((event.clientX - area.left) / area.width) * size[0], size[0]),
      within(((event.clientY - area.top) / area.height) * size[1], size[1]),
    ];
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (size === null || event.button !== 0) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    from = place(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (from === null || !canvas.hasPointerCapture(event.pointerId)) return;
    const to = place(event);
    write([Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.max(from[0], to[0]), Math.max(from[1], to[1])]);
  });
  const end = () => { from = null; };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  inputs.forEach((input) => input.addEventListener("input", draw));
  return {
    clear: () => write(null),
    value: () => { const [l, t, r, b] = read(); return r > l && b > t ? [l, t, r, b] : null; },
    resize: (next) => {
      size = next;
      rect.ownerSVGElement.setAttribute("viewBox", `0 0 ${next[0]} ${next[1]}`);
      draw();
    },
  };
}

"use strict";
(() => {
  const order = ["auto", "light", "dark"];
  const remembered = () => { try { return localStorage.getItem("lookalike-theme"); } catch { return null; } };
  const remember = (name) => { try { localStorage.setItem("lookalike-theme", name); } catch { /* private window */ } };
  let theme = order.includes(remembered()) ? remembered() : "auto";
  const apply = () => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("button.theme");
    const label = button.querySelector("span");
    label.textContent = theme;
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = order[(order.indexOf(theme) + 1) % order.length];
      label.textContent = theme;
      apply();
      remember(theme);
    });
  });
})();

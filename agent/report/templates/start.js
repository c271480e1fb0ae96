document.addEventListener("DOMContentLoaded", () => showRun(document));

// Tips of charts: what a browser would show slowly as <title> is shown at once, on hover and on focus.

function place(tip, mark, chart) {
  const box = mark.querySelector(".chart-hit").getBoundingClientRect();
  const frame = chart.getBoundingClientRect();
  const left = box.left + box.width / 2 - frame.left - tip.offsetWidth / 2;
  tip.style.left = `${Math.max(0, Math.min(left, frame.width - tip.offsetWidth))}px`;
  tip.style.top = `${box.top - frame.top - tip.offsetHeight - 6}px`;
}

function show({ target }) {
  const mark = target.closest?.(".chart-month");
  if (!mark) return;
  const chart = mark.closest("[data-chart]");
  const tip = chart.querySelector(".chart-tip");
  mark.querySelector("title")?.remove(); // its text stays as the label
  tip.textContent = mark.getAttribute("aria-label");
  tip.hidden = false;
  place(tip, mark, chart);
}

function hide({ target }) {
  const tip = target.closest?.(".chart-month")?.closest("[data-chart]").querySelector(".chart-tip");
  if (tip) tip.hidden = true;
}

for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, show);
for (const kind of ["pointerout", "focusout"]) document.addEventListener(kind, hide);
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const tip of document.querySelectorAll(".chart-tip")) tip.hidden = true;
});

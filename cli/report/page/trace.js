"use strict";
const search = document.getElementById("search");
const allocations = document.getElementById("allocations");
const shown = document.getElementById("shown");
const rows = [...document.querySelectorAll("#rows > .row")];

function filter() {
  const words = search.value.toLowerCase();
  let count = 0;
  for (const row of rows) {
    const isCrossing = row.dataset.kind !== "event" && row.dataset.kind !== "return";
    const isWanted = row.dataset.kind === "allocation" ? allocations.checked
      : row.dataset.kind !== "return" || words === "";
    const isHidden = !isWanted || (words !== "" && !row.textContent.toLowerCase().includes(words));
    row.classList.toggle("hidden", isHidden);
    if (isCrossing && !isHidden) ++count;
  }
  shown.textContent = `${count} crossings shown`;
}

search.addEventListener("input", filter);
allocations.addEventListener("change", filter);
filter();

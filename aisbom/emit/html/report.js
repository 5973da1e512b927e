"use strict";
(() => {
  const table = document.querySelector("#components table");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const field = document.querySelector("#filter");
  const shown = document.querySelector("#shown");
  document.querySelectorAll(".needs-script").forEach((one) => one.classList.remove("hidden"));
  const filter = () => {
    const wanted = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const fits = wanted.every((word) => text.includes(word));
      row.classList.toggle("hidden", !fits);
      count += fits ? 1 : 0;
    }
    shown.textContent = `${count} / ${rows.length}`;
  };
  field.addEventListener("input", filter);
  filter();
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = cell.textContent;
    cell.textContent = "";
    cell.append(button);
    button.addEventListener("click", () => {
      const up = cell.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => row.cells[column].textContent;
      rows.sort((a, b) => key(a).localeCompare(key(b)) * (up ? 1 : -1));
      table.tBodies[0].append(...rows);
    });
  });
  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", () => document.querySelectorAll("[aria-labelledby=score-h] details").forEach((one) => { one.open = true; }));
})();

"use strict";
(async () => {
  const packed = document.getElementById("people");
  if (!packed) {
    document.documentElement.dataset.ready = "";
    return;
  }
  const bytes = Uint8Array.from(atob(packed.textContent.trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const people = JSON.parse(await new Response(stream).text());
  const by = Number(packed.dataset.by);
  const named = new Set(JSON.parse(packed.dataset.named));
  const PAGE = 50;
  const body = document.getElementById("rows");
  const said = document.getElementById("said");
  const search = document.getElementById("search");
  const only = document.getElementById("only");
  const back = document.getElementById("back");
  const on = document.getElementById("on");
  const heads = [...body.closest("table").querySelectorAll("th")].map((each) => each.textContent);
  let page = 0;
  const found = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    return people.filter((row) => (!only.value || row[by] === only.value)
      && (!wanted || row.some((cell) => cell.toLocaleLowerCase().includes(wanted))));
  };
  const fill = (rows) => body.replaceChildren(...rows.map((row) => {
    const line = document.createElement("tr");
    line.setAttribute("role", "row");
    row.forEach((cell, column) => {
      const field = document.createElement("td");
      field.setAttribute("role", "cell");
      // On a phone a row is a few lines, and each says what it is; that of whom is clear.
      if (column && cell) field.dataset.label = heads[column];
      const text = document.createElement("bdi");
      text.textContent = cell;
      field.append(text);
      line.append(field);
    });
    return line;
  }));
  const show = () => {
    const rows = found();
    const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
    page = Math.min(page, last);
    const shown = rows.slice(page * PAGE, (page + 1) * PAGE);
    fill(shown);
    const from = page * PAGE + 1;
    said.textContent = !rows.length ? "Nobody is found so." : `${from} to ${page * PAGE + shown.length} of ${rows.length} ${rows.length === 1 ? "person" : "people"}`;
    back.disabled = page === 0;
    on.disabled = page === last;
  };
  const anew = () => { page = 0; show(); };
  search.addEventListener("input", anew);
  only.addEventListener("change", anew);
  back.addEventListener("click", () => { page -= 1; show(); });
  on.addEventListener("click", () => { page += 1; show(); });
  // Nobody searches on paper: there those stand whom somebody has to look at, or what was searched for.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    opened.forEach((each) => { each.open = true; });
    fill(search.value.trim() || only.value ? found() : people.filter((row) => named.has(row[by])));
  });
  window.addEventListener("afterprint", () => {
    opened.forEach((each) => { each.open = false; });
    show();
  });
  show();
  document.documentElement.dataset.ready = "";
})();

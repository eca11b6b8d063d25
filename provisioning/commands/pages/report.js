"use strict";
(async () => {
  const packed = document.getElementById("people").textContent.trim();
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const people = JSON.parse(await new Response(stream).text());
  const PAGE = 50;
  const body = document.getElementById("rows");
  const said = document.getElementById("said");
  const search = document.getElementById("search");
  const only = document.getElementById("only");
  const back = document.getElementById("back");
  const on = document.getElementById("on");
  let page = 0;
  const found = () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    return people.filter((row) => (!only.value || row[1] === only.value)
      && (!wanted || row.some((cell) => cell.toLocaleLowerCase().includes(wanted))));
  };
  const show = () => {
    const rows = found();
    const last = Math.max(0, Math.ceil(rows.length / PAGE) - 1);
    page = Math.min(page, last);
    const shown = rows.slice(page * PAGE, (page + 1) * PAGE);
    body.replaceChildren(...shown.map((row) => {
      const line = document.createElement("tr");
      row.forEach((cell) => {
        const field = document.createElement("td");
        const text = document.createElement("bdi");
        text.textContent = cell;
        field.append(text);
        line.append(field);
      });
      return line;
    }));
    const from = rows.length ? page * PAGE + 1 : 0;
    said.textContent = `${from}–${page * PAGE + shown.length} of ${rows.length} people`;
    back.disabled = page === 0;
    on.disabled = page === last;
  };
  const anew = () => { page = 0; show(); };
  search.addEventListener("input", anew);
  only.addEventListener("change", anew);
  back.addEventListener("click", () => { page -= 1; show(); });
  on.addEventListener("click", () => { page += 1; show(); });
  show();
  document.documentElement.dataset.ready = "";
})();

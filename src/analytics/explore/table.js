// A table beside a chart: drawn from texts alone (no text becomes markup), with a button that copies all of its rows.
function render({ model, el }) {
  const root = document.createElement("div");
  root.className = "analys-tabell";
  const head = document.createElement("div");
  head.className = "analys-tabell-huvud";
  const title = document.createElement("strong");
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "jupyter-button analys-kopiera";
  copy.textContent = "Kopiera tabellen";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  head.append(title, copy, said);
  const region = document.createElement("div");
  region.className = "analys-tabell-yta";
  region.tabIndex = 0;
  region.setAttribute("role", "region");
  const note = document.createElement("p");
  note.className = "analys-not";
  root.append(head, region, note);
  el.append(root);

  copy.addEventListener("click", async () => {
    const text = model.get("copied");
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "Tabellen är kopierad. Klistra in den i Excel eller Word.";
    } catch (error) {
      // Without leave to write to the clipboard the text is shown selected, to be copied by the keyboard.
      const area = document.createElement("textarea");
      area.value = text;
      area.rows = 6;
      root.append(area);
      area.select();
      said.textContent = "Webbläsaren tillät inte kopiering. Tryck Ctrl+C: texten nedan är markerad.";
    }
  });

  const draw = () => {
    const heads = model.get("heads");
    const words = model.get("words");
    const rows = model.get("rows");
    title.textContent = model.get("caption");
    region.setAttribute("aria-label", model.get("caption"));
    note.textContent = model.get("note");
    said.textContent = "";
    copy.disabled = rows.length === 0;
    region.replaceChildren();
    if (rows.length === 0) {
      const nothing = document.createElement("p");
      nothing.textContent = model.get("empty");
      region.append(nothing);
      return;
    }
    const table = document.createElement("table");
    const top = table.createTHead().insertRow();
    heads.forEach((text, place) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      cell.className = place < words ? "ord" : "tal";
      top.append(cell);
    });
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((text, place) => {
        const cell = document.createElement(place === 0 ? "th" : "td");
        if (place === 0) { cell.scope = "row"; }
        cell.textContent = text;
        cell.className = place < words ? "ord" : "tal";
        line.append(cell);
      });
    }
    region.append(table);
  };
  for (const name of ["rows", "caption", "note", "empty"]) { model.on(`change:${name}`, draw); }
  draw();
}

export default { render };

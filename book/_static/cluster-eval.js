// Opened from a folder, pages may not read one another: search then shows what it found without excerpts.
if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined")
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

// Search writes headings as HTML, and its index holds them as text.
function escapeHeadings(index) {
  const escape = (text) => new Option(text).innerHTML;
  const headings = Object.entries(index.alltitles);
  index.alltitles = Object.fromEntries(headings.map(([heading, places]) => [escape(heading), places]));
}

// A table that scrolls can be reached with the Tab key; one that fits is not a stop on the way.
function watchWidths() {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".exhibit-table").forEach((element) => observer.observe(element));
}

// Headings become buttons that sort: upwards, downwards, and back to the order of the report.
const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
const collator = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

function compareCells(one, other) {
  // Symbols such as [z] stand for no value, and come last either way.
  const missing = [one, other].map((cell) => "missing" in cell.dataset);
  if (missing[0] || missing[1]) return { fixed: true, order: missing[0] - missing[1] };
  const numbers = [one, other].map((cell) => cell.dataset.value);
  if (numbers[0] && numbers[1]) return { fixed: false, order: numbers[0] - numbers[1] };
  return { fixed: false, order: collator.compare(...[one, other].map((cell) => cell.textContent.trim())) };
}

function sortRows(body, rows, column, direction) {
  const sign = direction === "descending" ? -1 : 1;
  const sorted = rows.slice();
  if (direction !== "none")
    sorted.sort((one, other) => {
      const { fixed, order } = compareCells(...[one, other].map((row) => row.cells[column]));
      return fixed ? order : sign * order;
    });
  body.append(...sorted);
}

function makeSortable(table) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  if (rows.length < 3) return;
  const headings = [...table.tHead.rows[0].cells];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.ariaSort = "none";
    button.addEventListener("click", () => {
      const direction = NEXT[heading.ariaSort];
      headings.forEach((each) => (each.ariaSort = "none"));
      heading.ariaSort = direction;
      sortRows(body, rows, column, direction);
    });
  });
}

// On paper nothing can be unfolded, and ink is dark on white.
function preparePaper() {
  const folded = "article details:not(.hide):not([open])";
  let opened = [];
  let theme;
  addEventListener("beforeprint", () => {
    theme = document.documentElement.dataset.theme;
    document.documentElement.dataset.theme = "light";
    opened = [...document.querySelectorAll(folded)];
    opened.forEach((each) => (each.open = true));
  });
  addEventListener("afterprint", () => {
    document.documentElement.dataset.theme = theme;
    opened.forEach((each) => (each.open = false));
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".exhibit-table table").forEach(makeSortable);
  watchWidths();
  preparePaper();
  if (typeof Search !== "undefined" && Search.hasIndex()) escapeHeadings(Search._index);
});

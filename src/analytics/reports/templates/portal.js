(function () {
  "use strict";
  // Search among the packages of the page. Without scripts everything is listed and the field is not shown.
  var place = document.querySelector(".sok");
  var entries = Array.from(document.querySelectorAll("[data-sok]"));
  if (place && entries.length) {
    var field = place.querySelector("input");
    var told = place.querySelector("[role=status]");
    var plain = function (text) {
      return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    };
    var texts = entries.map(function (entry) {
      var text = plain(entry.getAttribute("data-sok"));
      return { text: text, words: text.split(/[^a-z0-9-]+/) };
    });
    var matches = function (known, term) {
      // A number is a code, a year or the beginning of one: 17 is not a part of 2017.
      if (/^[0-9-]+$/.test(term)) {
        return known.words.some(function (word) { return word.indexOf(term) === 0; });
      }
      return known.text.indexOf(term) !== -1;
    };
    var opened = [];
    var search = function () {
      var terms = plain(field.value).split(/\s+/).filter(Boolean);
      var shown = 0;
      entries.forEach(function (entry, index) {
        entry.hidden = !terms.every(function (term) { return matches(texts[index], term); });
        shown += entry.hidden ? 0 : 1;
      });
      document.querySelectorAll("[data-manad]").forEach(function (month) {
        month.hidden = terms.length > 0 && !month.querySelector("[data-sok]:not([hidden])");
      });
      document.querySelectorAll("[data-manad] details:not([open])").forEach(function (folded) {
        if (terms.length) { folded.setAttribute("open", ""); opened.push(folded); }
      });
      if (!terms.length) {
        opened.splice(0).forEach(function (folded) { folded.removeAttribute("open"); });
      }
      document.querySelectorAll("[data-ej-sok]").forEach(function (part) { part.hidden = terms.length > 0; });
      told.textContent = !terms.length ? "" : shown === 0 ? "Inga träffar. Skriv en förvaltnings namn eller nummer, eller en månad."
        : shown === 1 ? "1 träff" : shown + " träffar";
    };
    field.addEventListener("input", search);
    place.hidden = false;
    search();
  }
  // A page that is not made anew any more says so: its text alone would go on to say that all is well.
  document.querySelectorAll("[data-nasta-kontroll]").forEach(function (part) {
    if (Date.now() > Date.parse(part.getAttribute("data-nasta-kontroll"))) { part.hidden = false; }
  });
})();

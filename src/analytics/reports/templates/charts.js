(function () {
  "use strict";
  var locale = {
    number: { decimal: ",", thousands: "\u00a0", grouping: [3], currency: ["", "\u00a0kr"], minus: "\u2212", percent: "\u00a0%" },
    time: {
      dateTime: "%A %e %B %Y %X", date: "%Y-%m-%d", time: "%H:%M:%S", periods: ["fm", "em"],
      days: ["söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"],
      shortDays: ["sön", "mån", "tis", "ons", "tor", "fre", "lör"],
      months: ["januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"],
      shortMonths: ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
    }
  };
  var still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var drawn = [];
  document.querySelectorAll("figure.diagram").forEach(function (figure) {
    var place = figure.querySelector(".vega-plats");
    var source = figure.querySelector("script.vega-spec");
    if (!place || !source) { return; }
    // Vega gives the element it draws in a role and a name of its own; the place keeps its text alternative.
    var canvas = document.createElement("div");
    var named = place.getAttribute("role") === "img";
    if (named) { canvas.setAttribute("aria-hidden", "true"); }
    place.replaceChildren(canvas);
    var spec = JSON.parse(source.textContent);
    if (place.clientWidth <= 600 && spec.usermeta) { spec.height = spec.usermeta.narrowHeight; }
    drawn.push(window.vegaEmbed(canvas, spec, {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true, hover: !still,
      formatLocale: locale.number, timeFormatLocale: locale.time,
      tooltip: { theme: "custom", disableDefaultStyle: true },
      config: { aria: !named }
    }).catch(function (error) {
      var text = document.createElement("p");
      text.className = "diagramfel";
      text.textContent = "Diagrammet kunde inte ritas. Siffrorna finns i tabellen nedan.";
      place.replaceChildren(text);
      figure.querySelectorAll("details").forEach(function (d) { d.setAttribute("open", ""); });
      console.error(error);
    }));
  });
  // Charts push down what is below them: who came by a link to a table is led there again, unless already reading on.
  var reading = false;
  ["wheel", "touchstart", "keydown", "pointerdown"].forEach(function (kind) {
    window.addEventListener(kind, function () { reading = true; }, { once: true, passive: true });
  });
  Promise.all(drawn).then(function () {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && !reading) { target.scrollIntoView({ behavior: "instant" }); }
  });
})();

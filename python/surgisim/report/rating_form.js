"use strict";
const form = document.getElementById("rating");
const told = document.getElementById("told");

function rating() {
  const given = new FormData(form);
  const scores = {};
  for (const [name, value] of given) {
    if (name.startsWith("item-") && value !== "") scores[name.slice(5)] = Number(value);
  }
  return {
    surgisim: "rating@1",
    scale: form.dataset.scale,
    session: form.dataset.session,
    rater: given.get("rater"),
    blinded: given.get("blinded") === "yes",
    seen: given.get("seen"),
    scores: scores,
  };
}

function total() {
  const values = Object.values(rating().scores);
  const sum = values.reduce((a, b) => a + b, 0);
  document.getElementById("total").textContent = values.length ? String(sum) : "–";
}

form.addEventListener("change", total);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const done = rating();
  const text = JSON.stringify(done, null, 2) + "\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${done.scale}-${done.rater}-${done.session}.json`;
  link.click();
  told.textContent = `Saved as ${link.download}. Give this file to whoever keeps the sessions.`;
  document.getElementById("written").value = text;
  document.getElementById("copy").hidden = false;
});

document.getElementById("film").addEventListener("change", (event) => {
  const file = event.target.files[0];
  const video = document.getElementById("video");
  video.hidden = !file;
  if (file) video.src = URL.createObjectURL(file);
});

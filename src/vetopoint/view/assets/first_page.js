(() => {
  const place = document.getElementById("first-text");
  const text = place?.querySelector("pre");
  if (!place || !text) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-button";
  button.textContent = "Copy as text";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const byHand = () => {
    place.open = true;
    const range = document.createRange();
    range.selectNodeContents(text);
    const chosen = getSelection();
    chosen?.removeAllRanges();
    chosen?.addRange(range);
    let copied = false;
    try { copied = document.execCommand("copy"); } catch { copied = false; }
    said.textContent = copied ? "Copied." : "The text is selected: press Ctrl+C, or Cmd+C.";
  };
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent || "");
      said.textContent = "Copied.";
    } catch {
      byHand();
    }
  });
  place.before(button, " ", said);
})();

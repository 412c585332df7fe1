/**
 * A page that does nothing but the work itself: a field whose Enter sends a frame to the relay, a list that shows what
 * arrives, and a contact list with presence. No framework, no store, no history.
 */
export const barePage = `<!doctype html>
<meta charset="utf-8"><title>bare</title>
<input id="text" autofocus><ul id="messages"></ul><ul id="contacts"></ul>
<script>
const query = new URLSearchParams(location.search);
const me = query.get('me'), peer = query.get('peer');
const ws = new WebSocket('ws://' + location.host + '/' + me);
const rows = new Map();
ws.onopen = () => { document.title = 'open'; if (query.has('list')) ws.send('?'); };
ws.onmessage = ({ data }) => {
  const first = data.indexOf('\\n'), second = data.indexOf('\\n', first + 1);
  const kind = data.slice(0, first), rest = data.slice(second + 1);
  if (kind === 'L') {
    for (const entry of rest.split(';')) {
      const row = document.createElement('li');
      row.textContent = entry.slice(entry.indexOf(' ') + 1);
      rows.set(entry.slice(0, entry.indexOf(' ')), row);
      document.getElementById('contacts').append(row);
    }
    return;
  }
  if (kind === 'P') { rows.get(data.slice(first + 1, second)).dataset.presence = rest; return; }
  const item = document.createElement('li');
  item.textContent = rest;
  document.getElementById('messages').append(item);
};
document.getElementById('text').onkeydown = (event) => {
  if (event.key !== 'Enter') return;
  ws.send(peer + '\\n' + me + '\\n' + event.target.value);
  event.target.value = '';
};
</script>`;

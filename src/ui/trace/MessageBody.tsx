import { Fragment } from 'react';
import type { XmlElement } from '../../protocol/xml';
import type { BodyPart, SdpLine } from '../../trace/bodies';
import { type XmlLine, xmlLines } from '../../trace/xmlLines';
import { elementNotes, sdpNotes } from '../words/bodyNotes';
import { bodyText, type NameOf } from '../words/bodyText';

/** A body of more lines is read in Raw. */
const mostLines = 1_500;

/** The parts of a body: documents as trees, with what their parts mean. */
export function MessageBody({ parts, nameOf }: { parts: readonly BodyPart[]; nameOf: NameOf }) {
  if (parts.length === 0) return <p className="body__none">This message has no body.</p>;
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one message, which does not change
    <section key={at} className="body" aria-label={part.contentType}>
      <h4>
        {part.contentType}
        {part.name !== '' && <span> {part.name}</span>}
      </h4>
      <Said text={bodyText(part.gist, nameOf)} />
      <Content content={part.content} />
    </section>
  ));
}

const Said = ({ text }: { text: string | null }) => text !== null && <p className="body__said">{text}</p>;

function Content({ content }: { content: BodyPart['content'] }) {
  switch (content.is) {
    case 'xml':
      return <Tree root={content.root} />;
    case 'sdp':
      return <Sdp lines={content.lines} />;
    case 'text':
      return <pre>{content.text}</pre>;
    case 'malformed':
      return (
        <>
          <p className="body__wrong">It cannot be read: {content.why}</p>
          <pre>{content.text}</pre>
        </>
      );
  }
}

function Tree({ root }: { root: XmlElement }) {
  const lines = xmlLines(root);
  return (
    <>
      {lines.slice(0, mostLines).map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of one message, which does not change
        <TreeLine key={at} line={line} />
      ))}
      {lines.length > mostLines && <p className="body__none">The rest of its {lines.length} lines is in Raw.</p>}
    </>
  );
}

function TreeLine({ line: { depth, element, opens, closes } }: { line: XmlLine }) {
  const note = opens ? elementNotes[element.name] : undefined;
  return (
    <div className="xmlline" style={{ paddingLeft: `${Math.min(depth, 12) * 16}px` }}>
      {opens && (
        <>
          {'<'}
          <span className="headline__name">{element.name}</span>
          {[...element.attributes].map(([name, value]) => (
            <Fragment key={name}>
              {' '}
              {name}=<span className="is-string">"{value}"</span>
            </Fragment>
          ))}
          {closes && element.text.trim() === '' ? '/>' : '>'}
          <span className="is-address">{element.text.trim()}</span>
        </>
      )}
      {closes && !(opens && element.text.trim() === '') && (
        <>
          {'</'}
          <span className="headline__name">{element.name}</span>
          {'>'}
        </>
      )}
      {note !== undefined && <span className="xmlline__note">{note}</span>}
    </div>
  );
}

function Sdp({ lines }: { lines: readonly SdpLine[] }) {
  return lines.map(({ letter, name, value }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines of one message, which does not change
    <div key={at} className="xmlline">
      <span className="headline__name">
        {letter}={name}
      </span>
      {name === '' || value === '' ? '' : ':'}
      {value}
      <span className="xmlline__note">{sdpNotes[name === '' ? letter : name]}</span>
    </div>
  ));
}

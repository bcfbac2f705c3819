import { useEffect, useRef, useState } from "react";
import { fetchRows, fileAddress } from "../api";
import type { Glance, SlackFile } from "../types";
import { CloseIcon, DownloadIcon, FileIcon } from "./icons";

const UNITS = ["bytes", "kB", "MB", "GB"];

function sizeOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const amount = bytes / 1000 ** power;
  return `${amount.toFixed(power && amount < 10 ? 1 : 0)} ${UNITS[power]}`;
}

const titleOf = (file: SlackFile) => file.title || file.name || file.id;

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString("en-GB")} ${number === 1 ? one : many}`;

const isFigure = (cell: string) => /^[-+]?[\d.,]+\s?%?$/.test(cell);

function Rows({ rows }: { rows: string[][] }) {
  const [header = [], ...body] = rows;
  const figures = header.map((_title, column) => body.every((row) => !row[column] || isFigure(row[column])));
  const kind = (column: number) => (figures[column] ? "number" : undefined);
  return (
    <table className="table">
      <thead>
        <tr>
          {header.map((cell, column) => (
            <th key={column} scope="col" className={kind(column)}>
              {cell}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, index) => (
          <tr key={index}>
            {row.map((cell, column) => (
              <td key={column} className={kind(column)}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ViewerProps {
  file: SlackFile;
  as: string;
  onClose(): void;
}

/** All rows of a file, over everything else. */
function RowsViewer({ file, as, onClose }: ViewerProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const [found, setFound] = useState<{ rows: string[][]; total: number } | null>(null);
  const [error, setError] = useState("");

  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  useEffect(() => {
    fetchRows(file.id, as).then(setFound, () => setError("The file didn't come. Try again."));
  }, [file.id, as]);

  const left = found ? found.total - found.rows.length : 0;
  return (
    <dialog ref={ref} className="dialog file-viewer" aria-label={titleOf(file)} onClose={onClose}>
      <header>
        <h2>{titleOf(file)}</h2>
        <Download file={file} as={as} />
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      <div className="file-viewer-body" tabIndex={0} role="region" aria-label="Rows">
        {found ? <Rows rows={found.rows} /> : <p className="empty">{error || "Loading…"}</p>}
      </div>
      {left > 0 && <footer>{count(left, "more row", "more rows")} in the file itself</footer>}
    </dialog>
  );
}

const Download = ({ file, as }: { file: SlackFile; as: string }) => (
  <a
    className="plain"
    href={fileAddress(file.id, as)}
    download={file.name ?? ""}
    title="Download"
    aria-label={`Download ${file.name ?? titleOf(file)}`}
  >
    <DownloadIcon />
  </a>
);

/** The first rows, as a button that opens them all. */
function FirstRows({ glance, onOpen, name }: { glance: Glance; onOpen(): void; name: string }) {
  const more = glance.total - glance.rows.length;
  const columns = glance.columns - Math.max(0, ...glance.rows.map((row) => row.length));
  const rest = [
    more > 0 && count(more, "more row", "more rows"),
    columns > 0 && count(columns, "more column", "more columns"),
  ].filter(Boolean);
  return (
    <button type="button" className="file-glance" onClick={onOpen} aria-label={`Open ${name}`}>
      <span className="file-glance-rows">
        <Rows rows={glance.rows} />
      </span>
      {rest.length > 0 && <span className="file-rest">+ {rest.join(", ")}</span>}
    </button>
  );
}

export function FileView({ file, as }: { file: SlackFile; as: string }) {
  const [isOpen, setOpen] = useState(false);
  const address = fileAddress(file.id, as);
  const name = titleOf(file);
  if (file.mimetype?.startsWith("image/")) {
    return (
      <a className="file-image" href={address} target="_blank" rel="noreferrer">
        <img src={address} alt={name} />
      </a>
    );
  }
  const facts = [
    file.filetype?.toUpperCase(),
    file.size === undefined ? "" : sizeOf(file.size),
    file.glance && count(Math.max(0, file.glance.total - 1), "row", "rows"),
  ];
  return (
    <div className="file" role="group" aria-label={`File ${name}`}>
      <div className="file-head">
        <span className="file-icon">
          <FileIcon />
        </span>
        <span className="file-text">
          <strong>{name}</strong>
          <small>{facts.filter(Boolean).join(" · ")}</small>
        </span>
        <Download file={file} as={as} />
      </div>
      {file.glance && <FirstRows glance={file.glance} name={name} onOpen={() => setOpen(true)} />}
      {isOpen && <RowsViewer file={file} as={as} onClose={() => setOpen(false)} />}
    </div>
  );
}

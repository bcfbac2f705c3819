import { useState } from "react";
import { nameOf, useWorkspace } from "../names";
import type { Block, TableCell, Workspace } from "../types";
import { PackageBlock } from "./PackageBlock";

const PAGE_SIZE = 5; // rows, Slack's default

const Cell = ({ cell }: { cell: TableCell | undefined }) => {
  if (!cell) return null;
  if (cell.type === "rich_text") return <PackageBlock block={cell as Block} />;
  return <>{cell.text ?? (cell.value === undefined ? "" : String(cell.value))}</>;
};

const LONG = 40; // characters: more than that runs on over several lines

const isLong = (cell: TableCell | undefined, workspace: Workspace): boolean =>
  textOf(cell, workspace).length > LONG;

const isNumeric = (cell: TableCell | undefined): boolean => cell?.type === "raw_number";

export function Table({ block }: { block: Block }) {
  const workspace = useWorkspace();
  const [header = [], ...rows] = block.rows ?? [];
  const align = (column: number) => block.column_settings?.[column]?.align ?? "left";
  const wraps = (cell: TableCell, column: number) =>
    block.column_settings?.[column]?.is_wrapped || isLong(cell, workspace) ? "wraps" : undefined;
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Table">
      <table className="table">
        <thead>
          <tr>
            {header.map((cell, column) => (
              <th key={column} scope="col" style={{ textAlign: align(column) }}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} className={wraps(cell, column)} style={{ textAlign: align(column) }}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Order {
  column: number;
  direction: "ascending" | "descending";
}

/** What is written in a cell, or in any part of one. */
function textOf(node: unknown, workspace: Workspace): string {
  if (Array.isArray(node)) return node.map((one) => textOf(one, workspace)).join("");
  if (node === null || typeof node !== "object") return "";
  const { type, text, value, user_id, elements } = node as TableCell;
  if (type === "user") return `@${nameOf(workspace, user_id ?? "") ?? user_id}`;
  return (text ?? (value === undefined ? "" : String(value))) + textOf(elements ?? [], workspace);
}

/** By number where a whole column is numbers, else by alphabet: as Slack sorts, so "10" comes before "9". */
function sorted(rows: TableCell[][], order: Order | null, workspace: Workspace): TableCell[][] {
  if (!order) return rows;
  const { column, direction } = order;
  const sign = direction === "ascending" ? 1 : -1;
  const isNumbers = rows.every((row) => isNumeric(row[column]));
  const compare = (one: TableCell | undefined, other: TableCell | undefined): number =>
    isNumbers
      ? (one?.value ?? 0) - (other?.value ?? 0)
      : textOf(one, workspace).localeCompare(textOf(other, workspace));
  return rows.toSorted((one, other) => sign * compare(one[column], other[column]));
}

const nextOrder = (order: Order | null, column: number): Order | null => {
  if (order?.column !== column) return { column, direction: "ascending" };
  return order.direction === "ascending" ? { column, direction: "descending" } : null;
};

/** Slack's data_table: sortable by any column, a page at a time. */
export function DataTable({ block }: { block: Block }) {
  const workspace = useWorkspace();
  const [order, setOrder] = useState<Order | null>(null);
  const [page, setPage] = useState(0);
  const [header = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? PAGE_SIZE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const current = Math.min(page, pages - 1);
  const shown = sorted(rows, order, workspace).slice(current * size, (current + 1) * size);
  const rowHeader = block.row_header_column_index ?? 0;
  const isNumberColumn = (column: number) =>
    column !== rowHeader && rows.some((row) => isNumeric(row[column]));

  return (
    <div className="data-table">
      <div className="table-scroll" tabIndex={0} role="region" aria-label={block.caption ?? "Table"}>
        <table className="table">
          {block.caption && <caption>{block.caption}</caption>}
          <thead>
            <tr>
              {header.map((cell, column) => (
                <th
                  key={column}
                  scope="col"
                  className={isNumberColumn(column) ? "number" : undefined}
                  aria-sort={order?.column === column ? order.direction : "none"}
                >
                  <button type="button" onClick={() => setOrder(nextOrder(order, column))}>
                    <Cell cell={cell} />
                    <span className="sort" aria-hidden="true">
                      {order?.column !== column ? "↕" : order.direction === "ascending" ? "↑" : "↓"}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => {
                  const wraps = isLong(cell, workspace) ? "wraps" : undefined;
                  return column === rowHeader ? (
                    <th key={column} scope="row" className={wraps}>
                      <Cell cell={cell} />
                    </th>
                  ) : (
                    <td key={column} className={isNumeric(cell) ? "number" : wraps}>
                      <Cell cell={cell} />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav className="pager" aria-label="Table pages">
          <span>
            {current * size + 1}–{Math.min((current + 1) * size, rows.length)} of {rows.length}
          </span>
          <button
            type="button"
            className="button small"
            aria-label="Previous page"
            disabled={current === 0}
            onClick={() => setPage(current - 1)}
          >
            ‹
          </button>
          <button
            type="button"
            className="button small"
            aria-label="Next page"
            disabled={current === pages - 1}
            onClick={() => setPage(current + 1)}
          >
            ›
          </button>
        </nav>
      )}
    </div>
  );
}

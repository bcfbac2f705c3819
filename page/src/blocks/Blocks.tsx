import { Component, memo, type ReactNode } from "react";
import { ElementView } from "../elements/ElementView";
import { actionIdOf, blockIdOf } from "../surface";
import { Mrkdwn, plainText, Text } from "../text";
import type { Block, Element, TextObject } from "../types";
import { Input } from "./Input";
import { PackageBlock } from "./PackageBlock";
import { DataTable, Table } from "./Table";

interface Props {
  block: Block;
  blockId: string;
}

const element = (one: Element, index: number, blockId: string) => (
  <ElementView
    key={actionIdOf(one, index)}
    element={one}
    blockId={blockId}
    actionId={actionIdOf(one, index)}
    dispatches
  />
);

const Section = ({ block, blockId }: Props) => (
  <div className="section">
    <div className="section-body">
      {block.text && typeof block.text !== "string" && (
        <div className="section-text">
          <Text text={block.text} />
        </div>
      )}
      {block.fields && (
        <div className="fields">
          {block.fields.map((field, index) => (
            <div key={index}>
              <Text text={field} />
            </div>
          ))}
        </div>
      )}
    </div>
    {block.accessory && <div className="accessory">{element(block.accessory, 0, blockId)}</div>}
  </div>
);

const Context = ({ block }: Props) => (
  <div className="context">
    {(block.elements ?? []).map((one, index) =>
      one.type === "image" ? (
        <img key={index} src={one.image_url} alt={one.alt_text ?? ""} />
      ) : (
        <span key={index}>
          <Text text={one as unknown as TextObject} />
        </span>
      ),
    )}
  </div>
);

const Actions = ({ block, blockId }: Props) => (
  <div className="actions">{(block.elements ?? []).map((one, index) => element(one, index, blockId))}</div>
);

const Alert = ({ block }: Props) => (
  <div className={`alert ${String(block.level ?? "info")}`} role="status">
    {typeof block.text === "object" ? <Text text={block.text} /> : <Mrkdwn text={block.text ?? ""} />}
  </div>
);

function One({ block, blockId }: Props): ReactNode {
  switch (block.type) {
    case "section":
      return <Section block={block} blockId={blockId} />;
    case "header":
      return <h3 className="header">{plainText(block.text)}</h3>;
    case "context":
      return <Context block={block} blockId={blockId} />;
    case "divider":
      return <hr className="divider" />;
    case "actions":
    case "context_actions":
      return <Actions block={block} blockId={blockId} />;
    case "input":
      return <Input block={block} blockId={blockId} />;
    case "table":
      return <Table block={block} />;
    case "data_table":
      return <DataTable block={block} />;
    case "alert":
      return <Alert block={block} blockId={blockId} />;
    case "rich_text":
    case "markdown":
    case "data_visualization":
    case "image":
    case "video":
      return <PackageBlock block={block} />;
    default:
      return <p className="unsupported">This page can't show a {block.type} block</p>;
  }
}

interface Guarded {
  block: Block;
  children: ReactNode;
}

/** One malformed block must not take the page down with it; a changed block gets a new chance. */
class Guard extends Component<Guarded, { broken: boolean; tried: Block }> {
  override state = { broken: false, tried: this.props.block };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  static getDerivedStateFromProps({ block }: Guarded, { tried }: { tried: Block }) {
    return tried === block ? null : { broken: false, tried: block };
  }
  override render() {
    return this.state.broken ? (
      <p className="unsupported">This {this.props.block.type} block is malformed and can't be shown</p>
    ) : (
      this.props.children
    );
  }
}

export const Blocks = memo(function Blocks({ blocks }: { blocks: Block[] }) {
  return (
    <div className="blocks">
      {blocks.map((block, index) => (
        <Guard key={blockIdOf(block, index)} block={block}>
          <One block={block} blockId={blockIdOf(block, index)} />
        </Guard>
      ))}
    </div>
  );
});

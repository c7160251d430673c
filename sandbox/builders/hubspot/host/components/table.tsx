import type { ReactNode } from 'react';

interface CellProps {
  width?: 'min' | 'max' | 'auto' | number;
  align?: 'left' | 'center' | 'right';
  colSpan?: number;
  children?: ReactNode;
}

interface PartProps {
  children?: ReactNode;
}

export const Table = ({ density = 'default', children }: PartProps & { density?: string }) => (
  <div className="hs-table-frame" tabIndex={0} role="group">
    <table className={`hs-table hs-table-${density}`}>{children}</table>
  </div>
);

export const TableHead = ({ children }: PartProps) => <thead>{children}</thead>;
export const TableBody = ({ children }: PartProps) => <tbody>{children}</tbody>;
export const TableRow = ({ children }: PartProps) => <tr>{children}</tr>;

const cellClass = ({ width, align = 'left' }: CellProps): string =>
  `hs-cell-${align}${width === 'min' ? ' hs-cell-min' : ''}`;

export const TableHeader = (props: CellProps) => (
  <th scope="col" className={cellClass(props)}>
    {props.children}
  </th>
);

export const TableCell = (props: CellProps) => (
  <td className={cellClass(props)} colSpan={props.colSpan}>
    {props.children}
  </td>
);

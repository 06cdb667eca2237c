/** A binary heap of keys by due time that can also find and move a key: what the delay queue is made of. */

export interface DelayedKey {
  readonly key: string;
  /** Monotonic milliseconds. */
  dueAt: number;
}

interface Node<T> {
  readonly item: T;
  position: number;
}

export class DelayHeap<T extends DelayedKey> {
  readonly #nodes: Node<T>[] = [];
  readonly #byKey = new Map<string, Node<T>>();

  get size(): number {
    return this.#nodes.length;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key)?.item;
  }

  /** The key that is due first. */
  peek(): T | undefined {
    return this.#nodes[0]?.item;
  }

  /** The key must not be in the heap. */
  push(item: T): void {
    const node = { item, position: this.#nodes.length };
    this.#nodes.push(node);
    this.#byKey.set(item.key, node);
    this.#rise(node);
  }

  /** Moves a key that is in the heap to an earlier time. */
  advance(key: string, dueAt: number): void {
    const node = this.#byKey.get(key);
    if (node === undefined || node.item.dueAt <= dueAt) return;
    node.item.dueAt = dueAt;
    this.#rise(node);
  }

  remove(key: string): T | undefined {
    const node = this.#byKey.get(key);
    if (node === undefined) return undefined;
    this.#byKey.delete(key);
    const last = this.#nodes.pop();
    if (last !== undefined && last !== node) {
      this.#place(last, node.position);
      this.#rise(last);
      this.#sink(last);
    }
    return node.item;
  }

  #rise(node: Node<T>): void {
    while (node.position > 0) {
      const parent = this.#nodes[(node.position - 1) >> 1];
      if (parent === undefined || parent.item.dueAt <= node.item.dueAt) return;
      this.#swap(node, parent);
    }
  }

  #sink(node: Node<T>): void {
    for (;;) {
      const child = this.#earlierChild(node.position);
      if (child === undefined || child.item.dueAt >= node.item.dueAt) return;
      this.#swap(node, child);
    }
  }

  #earlierChild(position: number): Node<T> | undefined {
    const left = this.#nodes[2 * position + 1];
    const right = this.#nodes[2 * position + 2];
    return left !== undefined && right !== undefined && right.item.dueAt < left.item.dueAt ? right : left;
  }

  #swap(a: Node<T>, b: Node<T>): void {
    const position = a.position;
    this.#place(a, b.position);
    this.#place(b, position);
  }

  #place(node: Node<T>, position: number): void {
    node.position = position;
    this.#nodes[position] = node;
  }
}

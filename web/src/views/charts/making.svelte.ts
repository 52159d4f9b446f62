/** A chart that other parts of the view want to be brought into sight. */

class Making {
  wanted = $state<string | null>(null);

  reveal(id: string): void {
    this.wanted = id;
  }
}

export const making = new Making();

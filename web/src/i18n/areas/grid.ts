/** Words of the chart grid and of what people do to it. */

import { Words } from "../words";

export const words = new Words(
  {
    pinned: "Pinned",
    made: "Made here",
  },
  {
    pinned: "已置顶",
    made: "自建图表",
  },
);

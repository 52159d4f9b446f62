/** Words of the view of custom scalars. */

import { plural, Words } from "../words";

export const words = new Words(
  {
    none: "No layout of custom scalars in the runs shown",
    noneLead: "A layout puts several tags into one chart, or a value between its bounds. Log one:",
    nothingFits: "No tag of the runs shown fits.",
    charts: (n: number, text: string) => `${text} ${plural(n, "chart", "charts")}`,
    left: (n: number, text: string) =>
      `${text} more ${plural(n, "tag fits", "tags fit")} and ${plural(n, "is", "are")} not drawn`,
    addChart: "Add to the charts",
    slow: "A regular expression of the layout takes too long. Its charts are not drawn.",
    untitled: "Untitled",
  },
  {
    none: "所选运行没有自定义标量布局",
    noneLead: "布局可以把多个标签画进一张图，或画出数值及其上下界。记录一个布局：",
    nothingFits: "所选运行中没有匹配的标签。",
    charts: (_, text) => `${text} 张图`,
    left: (_, text) => `另有 ${text} 个匹配的标签未画出`,
    addChart: "加入图表",
    slow: "布局中的某个正则表达式耗时过长，相应的图未画出。",
    untitled: "未命名",
  },
);

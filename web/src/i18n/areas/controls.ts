/** Words of the small controls in `ui/`. */

import { Words } from "../words";

export const words = new Words(
  {
    step: "Step",
    previousStep: "Previous step",
    nextStep: "Next step",
    play: "Play",
    stop: "Stop",
    latest: "Latest",
    stayLatest: "Go to the latest step, and stay there as more arrive",
    isLatest: "At the latest step; follows as more arrive",
    ofSteps: (at: string, total: string) => `${at} of ${total} steps`,
    resetTo: (label: string) => `Reset: ${label}`,
  },
  {
    step: "步",
    previousStep: "上一步",
    nextStep: "下一步",
    play: "播放",
    stop: "停止",
    latest: "最新",
    stayLatest: "跳到最新一步，并随新数据前进",
    isLatest: "停在最新一步，随新数据前进",
    ofSteps: (at, total) => `第 ${at} 个，共 ${total} 个步`,
    resetTo: (label) => `还原：${label}`,
  },
);

// Boxes and names over the picture. Always on dark, so these colors are those of the player, not of the theme.
import { spellAt } from "./data.js";
import { colors } from "./palette.js";

const WHITE = "#ffffff";
const OUTLINE = "rgb(8 12 12 / .55)";
const PLATE = "rgb(11 14 15 / .84)";
const CHOSEN = "#45c9b7";
const CHOSEN_INK = "#06201d";
const TAG_PX = 19;

/** Where the picture lies in the box of the video element (it keeps its shape, black around it). */
const pictureOf = (video) => {
  const { clientWidth: width, clientHeight: height, videoWidth, videoHeight } = video;
  if (!videoWidth) return { x: 0, y: 0, width, height };
  const scale = Math.min(width / videoWidth, height / videoHeight);
  const [wide, high] = [videoWidth * scale, videoHeight * scale];
  return { x: (width - wide) / 2, y: (height - high) / 2, width: wide, height: high };
};

export class Overlay {
  constructor(canvas, video, timeline, boxes) {
    Object.assign(this, { canvas, video, timeline, boxes });
    this.shows = { boxes: true, labels: true };
    this.isTouch = matchMedia("(hover: none)").matches;
    this.drawn = [];
  }

  draw(time_s) {
    const { canvas, video } = this;
    const scale = devicePixelRatio || 1;
    const [wide, high] = [Math.round(video.clientWidth * scale), Math.round(video.clientHeight * scale)];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const context = canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, video.clientWidth, video.clientHeight);
    this.drawn = this.shows.boxes ? this.facesAt(time_s) : [];
    for (const face of this.drawn) this.drawBox(context, face);
    if (this.shows.labels) for (const face of this.drawn) if (!this.isTouch || face.isChosen) this.drawTag(context, face, time_s);
  }

  /** Faces at a time in the canvas' pixels, the chosen one last (on top). */
  facesAt(time_s) {
    const picture = pictureOf(this.video);
    const faces = [];
    this.boxes.prepare(time_s);
    for (const track of this.timeline.tracks) {
      if (track.start_s > time_s) break;
      const box = this.boxes.at(track, time_s);
      if (!box) continue;
      const left = Math.max(0, box[0]);
      const top = Math.max(0, box[1]);
      faces.push({
        track,
        isChosen: track.person.person_id === this.selected,
        x: picture.x + left * picture.width,
        y: picture.y + top * picture.height,
        width: (Math.min(1, box[0] + box[2]) - left) * picture.width,
        height: (Math.min(1, box[1] + box[3]) - top) * picture.height,
        picture,
      });
    }
    return faces.sort((a, b) => a.isChosen - b.isChosen || b.width - a.width);
  }

  personAt(clientX, clientY) {
    const area = this.canvas.getBoundingClientRect();
    const [x, y] = [clientX - area.left, clientY - area.top];
    return this.drawn.findLast((face) => (
      x >= face.x && x <= face.x + face.width && y >= face.y && y <= face.y + face.height))?.track.person;
  }

  drawBox(context, face) {
    const line = face.isChosen ? 2.5 : 1.5;
    const radius = Math.min(7, face.width / 4);
    context.beginPath();
    context.roundRect(face.x, face.y, face.width, face.height, radius);
    context.lineWidth = line + 2;
    context.strokeStyle = OUTLINE;
    context.stroke();
    context.lineWidth = line;
    context.strokeStyle = face.isChosen ? CHOSEN : WHITE;
    context.stroke();
  }

  drawTag(context, face, time_s) {
    if (face.width < 22 && !face.isChosen) return;
    const { track, picture, isChosen } = face;
    const spell = spellAt(track.spells, time_s);
    context.font = `560 11px ${getComputedStyle(document.body).fontFamily}`;
    const name = fit(context, track.person.name, Math.max(96, face.width + 30));
    const square = spell ? 14 : 0;
    const width = context.measureText(name).width + 14 + square;
    const x = Math.min(Math.max(face.x + face.width / 2 - width / 2, picture.x + 2), picture.x + picture.width - width - 2);
    const above = face.y - TAG_PX - 4;
    const y = above >= picture.y + 2 ? above : Math.min(face.y + face.height + 4, picture.y + picture.height - TAG_PX - 2);
    context.beginPath();
    context.roundRect(x, y, width, TAG_PX, 5);
    context.fillStyle = isChosen ? CHOSEN : PLATE;
    context.fill();
    if (spell) drawSquare(context, spell.label, x + 7, y + TAG_PX / 2 - 4.5, isChosen);
    context.fillStyle = isChosen ? CHOSEN_INK : WHITE;
    context.textBaseline = "middle";
    context.fillText(name, x + 7 + square, y + TAG_PX / 2 + 0.5);
  }
}

const drawSquare = (context, label, x, y, isChosen) => {
  context.beginPath();
  context.roundRect(x, y, 9, 9, 2.5);
  context.fillStyle = colors()[label.toLowerCase()];
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = isChosen ? CHOSEN_INK : "rgb(255 255 255 / .55)";
  context.stroke();
};

const fit = (context, text, most_px) => {
  if (context.measureText(text).width <= most_px) return text;
  let short = text;
  while (short.length > 1 && context.measureText(`${short}…`).width > most_px) short = short.slice(0, -1);
  return `${short.trimEnd()}…`;
};

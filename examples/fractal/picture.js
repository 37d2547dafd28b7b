/* Copyright 2026 The mpel authors
 * SPDX-License-Identifier: LGPL-2.1-or-later */

/* Saves what a widget shows. */

import Gtk from 'gi://Gtk?version=4.0';

/* Of other widgets, it is what they have drawn last. */
function drawWidget(widget, snapshot) {
  const paintable = Gtk.WidgetPaintable.new(widget);

  paintable.snapshot(snapshot, paintable.get_intrinsic_width(), paintable.get_intrinsic_height());
}

export function savePicture(widget, path) {
  const snapshot = new Gtk.Snapshot();

  if (widget.draw !== undefined)
    widget.draw(snapshot);
  else
    drawWidget(widget, snapshot);
  const node = snapshot.to_node();
  if (node === null)
    throw new Error('there is nothing to be saved');
  if (!widget.get_native().get_renderer().render_texture(node, null).save_to_png(path))
    throw new Error(`${path} cannot be written`);
}

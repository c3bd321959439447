"""Cells with widgets, and with the messages of comms, for the comparison of engines; each stands alone."""

from __future__ import annotations

_W = "import ipywidgets as widgets\n"
_SLIDER = _W + "slider = widgets.IntSlider(3)\n"
_OUTPUT = _W + "out = widgets.Output()\n"
_COMM = "import comm\n"

WIDGETS: dict[str, str] = {
    "slider": _SLIDER + "slider",
    "widgets_displayed": _W + "display(widgets.HTML('<b>x</b>'), widgets.Text('t'))",
    "boxes": _W
    + "widgets.VBox([widgets.Label('a'), widgets.HBox([widgets.Checkbox(True), widgets.Dropdown(options='xy')])])",
    "widget_updated": _W + "h = display(widgets.Label('a'), display_id='w1')\nh.update(widgets.Label('b'))",
    "widget_state": _SLIDER + "{k: v for k, v in slider.get_state().items() if k not in ('layout', 'style')}",
    "widget_set_state": _SLIDER
    + "slider.set_state({'value': 9, 'description': 'd'})\nslider.value, slider.description",
    "widgets_embedded": (
        _SLIDER + "from ipywidgets.embed import embed_data\n"
        "found = embed_data(views=[slider])\n"
        "sorted(found), len(found['manager_state']['state'])"
    ),
    "observed": (
        _SLIDER + "slider.observe(lambda c: print(c['name'], c['old'], c['new']), 'value')\n"
        "slider.value = 7\n"
        "with slider.hold_sync():\n"
        "    slider.value = 8\n"
        "    slider.max = 50\n"
        "slider.value"
    ),
    "linked": (
        _W + "a, b = widgets.IntText(1), widgets.IntText(2)\n"
        "link, jslink = widgets.link((a, 'value'), (b, 'value')), widgets.jslink((a, 'value'), (b, 'value'))\n"
        "a.value = 5\n"
        "b.value"
    ),
    "clicked": _W + "b = widgets.Button(description='go')\nb.on_click(lambda _: print('clicked'))\nb.click()\nb",
    "widget_closed": _SLIDER + "display(slider)\nslider.close()\nslider.comm is None",
    "widget_sends": _SLIDER + "slider.send({'a': 1}, [b'bytes'])\nslider.keys[:3]",
    "widget_hears": (
        _SLIDER + "slider.observe(lambda c: print(c['new']), 'value')\n"
        "state = {'method': 'update', 'state': {'value': 6}, 'buffer_paths': []}\n"
        "slider.comm.handle_msg({'content': {'data': state}, 'buffers': []})\n"
        "slider.value"
    ),
    "widget_of_bytes": _W + "widgets.Image(value=b'\\x89PNG', format='png')",
    "widget_not_a_number": _W + "widgets.FloatText(float('nan'))",
    "progress_bar": "from tqdm.notebook import tqdm\nfor i in tqdm(range(3), desc='d'): pass",
    "progress_bar_auto": "from tqdm.auto import trange\nlist(trange(3))",
    "progress_text": "from tqdm import tqdm\nlist(tqdm(range(3)))",
    "observer_fails": _SLIDER + "slider.observe(lambda c: 1 / 0, 'value')\nslider.value = 7",
}
COMMS: dict[str, str] = {
    "comm": _COMM + "c = comm.create_comm(target_name='nobody', data={'a': 1})\ntype(c).__name__",
    "comm_sends": (
        _COMM + "c = comm.create_comm(target_name='nobody')\n"
        "c.send({'b': 2}, metadata={'m': 1}, buffers=[b'abc'])\n"
        "c.close({'bye': 1})\n"
        "c.comm_id in comm.get_comm_manager().comms"
    ),
    "comm_hears": (
        _COMM + "c = comm.create_comm(target_name='nobody')\n"
        "c.on_msg(lambda m: print(m['content']['data']))\n"
        "c.on_close(lambda m: print('closed'))\n"
        "c.handle_msg({'content': {'data': {'x': 1}}})\n"
        "c.handle_close({})"
    ),
    "comm_target": (
        _COMM + "m = comm.get_comm_manager()\n"
        "m.register_target('mine', lambda c, msg: print('opened', msg['content']['data']))\n"
        "m.comm_open(None, None, {'content': {'comm_id': 'c1', 'target_name': 'mine', 'data': {'x': 1}}})\n"
        "m.comm_msg(None, None, {'content': {'comm_id': 'c1', 'data': {}}})\n"
        "m.comm_close(None, None, {'content': {'comm_id': 'c1', 'data': {}}})\n"
        "sorted(m.comms)"
    ),
    "comm_unknown": (
        _COMM + "comm.get_comm_manager().comm_msg(None, None, {'content': {'comm_id': 'none', 'data': {}}})"
    ),
    # nbclient looks for the state of a widget, and fell over what has none.
    "comm_without_state": _COMM + "c = comm.create_comm(target_name='jupyter.widget', data={})\nprint('after')",
    "comm_without_model": _COMM
    + "c = comm.create_comm(target_name='jupyter.widget', data={'state': {}})\nprint('after')",
    "comm_of_text": _COMM + "c = comm.create_comm(target_name='x', data='a state')\nc.send(['state'])\nprint('after')",
    "comm_of_no_json": _COMM + "comm.create_comm(target_name='x', data={'a': object})",
}
OUTPUT_WIDGETS: dict[str, str] = {
    "interact": _W + "widgets.interact(lambda x: print('x', x), x=3);",
    "interactive": _W + "box = widgets.interactive(lambda x: x * 2, x=3)\ndisplay(box)\nbox.result",
    "interactive_output": _SLIDER + "widgets.interactive_output(lambda x: print(x), {'x': slider})",
    "output": _OUTPUT + "with out:\n    print('inside')\n    display('shown')\nprint('outside')\nout",
    "output_read": _OUTPUT + "with out:\n    print('inside')\nout.outputs",
    "output_captures": _OUTPUT + "@out.capture(clear_output=True)\ndef f(): print('caught'); return 5\nf()",
    "output_takes_an_error": _OUTPUT + "with out:\n    1 / 0",
    "output_appended": _OUTPUT + "out.append_stdout('x')\nout.append_display_data('y')\nout.outputs",
}
"""The fast path gives up on these."""

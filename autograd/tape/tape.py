"""A Tape is a graph recorded once, which computes its outputs again and again."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Literal

from ..engine import Graph, Node, Tensor, draw, refuse
from ..errors import GraphError, ShapeError
from ..showing import bundle
from .cuts import refuse_cuts
from .executors.numpy_executor import planned
from .executors.tensors import Buffers
from .inputs import (
    check_constants,
    column,
    common_kind,
    common_length,
    in_shape,
    listed,
    replaced,
)
from .listing import as_nodes, as_text
from .simplify import record

_PATIENCE = 5e6  # microseconds of NumPy's work, as long as the first compilation may take


class Tape:
    """A recorded computation, which can be replayed on other numbers.

    Parameters
    ----------
    outputs : sequence of Value or of Tensor
        What is computed, gradients too.
    inputs : sequence of Value or of Tensor
        What is given at each call. Other leaves are parameters: a call reads what they hold then.
        Data and literals (``constant=True``) that are not inputs are part of the program; `noise`
        is drawn at each call.
    executor : {'auto', 'numpy', 'numba'}
        How Values are computed. 'numpy' calls NumPy once a line, 'numba' (extra ``fast``) runs a
        compiled loop. 'auto' changes from the first to the second once it has done the work of
        five seconds or so: a program that is run so often is worth the wait for the compiler.

    Attributes
    ----------
    code : Code
        The program.
    executor : str
        What the next call is computed with, 'numpy' or 'numba'.

    Raises
    ------
    GraphError
        If Values and Tensors are mixed, or an input is listed twice; if a leaf was made of the
        very number that an input or a result held (see Notes).

    Notes
    -----
    Single numbers are computed bit for bit as the graph computed them, except that x + 0 is x,
    even where x is -0.0. Over a batch, exp, tanh and their like may differ in the last bit from
    executor to executor, and ``reduce`` adds up in an order of its own; so does NumPy where an
    array of a Tensor lies in memory in another order than the recorded one.

    What Python decides is not recorded: a tape goes the way that was gone once. So does
    ``where(a > b, ...)``, for ``a > b`` is Python's answer, and no node; in
    ``where(heaviside(a - b), ...)`` all is recorded. `compile` asks Python's questions again.

    Nor is recorded what Python reads: in ``x * x.data`` the second factor is the number of that
    moment, at each call. ``x * x.detach()`` is what was meant: no gradient flows through it, and a
    call computes it anew. A leaf made of ``x.data``, ``x.item()`` or ``float(x)`` is refused, where
    x is an input or a result that depends on one, and a part of the graph. Nobody sees what was
    computed from such a number, as ``2 * x.data``, an element of ``x.data``, ``x.item()`` of a
    Tensor, or what NumPy makes of an input that is a constant; nor the number of a node that is not
    in the graph, as ``x.max().data``; nor an option, as ``slope=x.data``. A number read from a
    parameter stays as it was, too. `compile` notices all of these.

    The branch of a ``where`` that is not taken is computed all the same. Where an op has no value
    there, a call on single numbers raises the error that Values raise; a batch, and Tensors, get
    nan from NumPy, which ``where`` drops. To have neither, put the ``where`` inside, as in
    ``log(where(heaviside(x), x, 1.0))``.

    >>> import numpy as np
    >>> from autograd import Value, heaviside, log, where
    >>> x = Value(1.0, name="x")
    >>> tape = Tape([where(heaviside(x), log(x), 0.0)], inputs=[x], executor="numpy")
    >>> with np.errstate(invalid="ignore"):
    ...     tape([1.0, -1.0])
    [array([0., 0.])]
    >>> tape(-1.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    autograd.errors.DomainError: log(-1): no real value here. ...

    Examples
    --------
    >>> from autograd import Value, gradients
    >>> w, x, y = Value(0.5, name="w"), Value(1.0, name="x"), Value(2.0, name="y")
    >>> loss = (w * x - y) ** 2
    >>> tape = Tape([loss, *gradients(loss, [w])], inputs=[x, y])
    >>> tape([1.0, 2.0], [2.0, 5.0], reduce="mean")
    [9.125, -9.5]
    >>> print(tape)
    5 of 10 recorded results are computed
    given x, y
    read w
    v1 = w·x
    v2 = v1 - y
    v3 = v2²
    v4 = 2·v2
    v5 = v4·x
    give v3, v5
    """

    def __init__(
        self,
        outputs: Iterable[Node],
        inputs: Iterable[Node] = (),
        executor: Literal["auto", "numpy", "numba"] = "auto",
    ) -> None:
        outputs, inputs = listed(outputs), listed(inputs)
        kind = common_kind(outputs, inputs)
        refuse_cuts(outputs, inputs)
        self._record(kind, outputs, inputs, executor)

    @classmethod
    def guarded(
        cls,
        outputs: Sequence[Node],
        inputs: Sequence[Node],
        executor: Literal["auto", "numpy", "numba"],
    ) -> "Tape":
        """Make a tape for somebody who looks whether numbers that were read are the same again."""
        tape = cls.__new__(cls)
        tape._record(common_kind(outputs, inputs), outputs, inputs, executor)
        return tape

    def _record(
        self, kind: type[Node], outputs: Sequence[Node], inputs: Sequence[Node], executor: str
    ) -> None:
        self._on_tensors = kind is Tensor
        if executor not in ("auto", "numpy", "numba"):
            raise ValueError(f"Tape: got the executor {executor!r}. Use auto, numpy or numba.")
        if executor == "numba" and self._on_tensors:
            raise GraphError("Tape: numba runs tapes of Values. Leave Tensors to NumPy.")
        self.code = record(outputs, inputs)
        self.executor = "numba" if executor == "numba" else "numpy"
        self._is_settled = executor != "auto" or self._on_tensors
        self._work = 0.0  # which NumPy has done
        self._edits = Node.edits_of_constants
        self._plans: dict[Any, Any] = {}

    @property
    def params(self) -> list[Any]:
        """What the leaves hold that a call reads, in the order of ``code.leaves``."""
        return [x._held for x in self.code.leaves]

    def __call__(
        self,
        *inputs: Any,
        reduce: Literal["mean", "sum"] | None = None,
        params: Sequence[Any] | None = None,
    ) -> list[Any]:
        """Compute the outputs.

        Parameters
        ----------
        *inputs : float or array
            One for each input. Of Values a float, or an array of shape (batch,); a float is the
            same for all samples. Of Tensors an array in the shape that was recorded.
        reduce : {'mean', 'sum'}, optional
            What to make of a batch of Values; without it outputs keep its axis.
        params : sequence of float or of array, optional
            Numbers to use in place of those that the leaves hold, in the order of ``params``.

        Returns
        -------
        list of float or array
            One for each output.

        Raises
        ------
        ShapeError
            If an input has a wrong shape, or batches differ in length.
        GraphError
            If a constant was given new data since the recording.
        DomainError
            If single numbers lie where an op has no value; in a batch they give nan or inf.
        """
        refuse("it runs a tape", "Compile the function that the tape was recorded from.")
        code = self.code
        if len(inputs) != code.given:
            raise TypeError(
                f"Tape: got {len(inputs)} inputs, recorded were {code.given}. "
                "Give one array or number for each."
            )
        if reduce not in (None, "mean", "sum"):
            raise ValueError(f"Tape: got reduce={reduce!r}. Use 'mean', 'sum' or None.")
        if self._edits != Node.edits_of_constants:
            check_constants(code)
            self._edits = Node.edits_of_constants
        held = self.params if params is None else replaced(params, code.leaves)
        if self._on_tensors:
            if reduce is not None:
                raise ShapeError(f"Tape: Tensors have no batch to {reduce}. Record {reduce}(x).")
            arrays = [in_shape(x, node) for x, node in zip(inputs, code.inputs, strict=False)]
            arrays += [in_shape(draw(node, node._held.shape), node) for node in code.noise]
            return self._buffers.run(arrays, held)
        numbers: list[Any] = [x if x.__class__ is float else column(x) for x in inputs]
        count = common_length(numbers)
        numbers += [column(draw(node, count)) for node in code.noise]
        plan = self._plan(tuple([x.__class__ is not float for x in numbers]), reduce)
        if not self._is_settled:
            self._settle(plan.cost(count or 1))
        return plan.run(numbers, held)  # type: ignore[no-any-return]

    def __getstate__(self) -> dict[str, Any]:
        """Copy and pickle the program; how to run it is found out again."""
        state = {**vars(self), "_plans": {}, "_edits": -1}
        state.pop("_buffers", None)
        return state

    @property
    def graph(self) -> Graph:
        """The program as a graph, with the numbers that its nodes hold, for pictures."""
        output, *others = as_nodes(self.code)
        return Graph(output, beside=others)

    _repr_mimebundle_ = bundle

    def __repr__(self) -> str:
        code = self.code
        return (
            f"<Tape of {code.kind.__name__}s, inputs: {code.given}, params: {len(code.leaves)}, "
            f"lines: {len(code.lines)}, executor: {self.executor!r}>"
        )

    def __str__(self) -> str:
        """Write the program down, one line a result."""
        return as_text(self.code)

    def expect(self, calls: int, samples: int = 1) -> None:
        """Choose how Values are computed, once and for all calls to come.

        Parameters
        ----------
        calls : int
            How many there will be,
        samples : int
            each with a batch of so many.

        Notes
        -----
        Without it, 'auto' chooses after some calls, and results before and after may differ in the
        last bit.
        """
        if not self._is_settled:
            batched = (True,) * len(self.code.inputs)
            self._settle(calls * self._plan(batched, "mean").cost(samples))
            self._is_settled = True

    def to_python(self) -> str:
        '''Write the program as NumPy source text, to be read and kept.

        Returns
        -------
        str
            A module with a function ``program``. Its arguments are the inputs, then random numbers
            where the graph drew some, then parameters, which are what they hold now unless they
            are given. It returns a list of outputs.

        Raises
        ------
        GraphError
            If the source of an op cannot be read, or a param of it cannot be written.

        Examples
        --------
        >>> from autograd import Tape, Value, relu
        >>> w, x = Value(0.5, name="w"), Value(2.0, name="x")
        >>> text = Tape([relu(w * x)], inputs=[x]).to_python()
        >>> print(text[text.index("def") :])
        def program(x, w=0.5):
            """Compute 1 output from x and the parameter w.
        <BLANKLINE>
            Give numbers, or arrays with one number for each sample.
            """
            v1 = w * x
            v2 = np.maximum(v1, 0.0)
            return [v2]
        <BLANKLINE>
        '''
        from .export.to_python import to_python

        return to_python(self.code)

    def to_c(self) -> str:
        """Write a program of Values as a function of C, for one sample.

        Returns
        -------
        str
            C99: ``void program(const double *inputs, const double *params, double *outputs)``,
            and ``program_params``, what the parameters hold now. It needs nothing but math.h.

        Raises
        ------
        GraphError
            If the program is one of Tensors, or an op of it cannot be written in C.

        Notes
        -----
        Each op is translated from the function of floats in its row. Where that raises an error,
        as for log(-1), C gives nan or inf.

        Examples
        --------
        >>> from autograd import Tape, Value
        >>> w, x = Value(0.5, name="w"), Value(2.0, name="x")
        >>> text = Tape([w * x + 1], inputs=[x]).to_c()
        >>> print(text[text.index("void") :])
        void program(const double *inputs, const double *params, double *outputs)
        {
            const double x = inputs[0];
            const double w = params[0];
        <BLANKLINE>
            const double v1 = w * x;
            const double v2 = v1 + 1.0;
        <BLANKLINE>
            outputs[0] = v2;
        }
        <BLANKLINE>
        """
        from .export.to_c import to_c

        return to_c(self.code)

    def to_javascript(self) -> str:
        """Write a program of Values as a function of JavaScript, for one sample.

        Returns
        -------
        str
            An ES module: ``export function program(inputs, params, outputs)``, which fills the
            array ``outputs`` and returns it, and ``programParams``, what the parameters hold now.
            It needs nothing else.

        Raises
        ------
        GraphError
            If the program is one of Tensors, or an op of it cannot be written in JavaScript.

        Notes
        -----
        Each op is translated from the function of floats in its row. ``exp``, ``tanh`` and their
        like are those of the browser, which may differ from Python's in the last places; all else
        is computed bit for bit. Where Python raises an error, as for log(-1), JavaScript gives NaN
        or Infinity.

        ``inputs`` holds the inputs of the tape, then random numbers where the graph drew some;
        ``params`` holds the parameters, in the order of ``tape.params``. Arrays of the type
        Float64Array are the fastest. Programs of more than 1,000 lines are split into several
        functions, for browsers compile no longer ones. As far as names go, the text can stand in
        a page: none ends a comment or a script.

        Examples
        --------
        >>> from autograd import Tape, Value
        >>> w, x = Value(0.5, name="w"), Value(2.0, name="x")
        >>> text = Tape([w * x + 1], inputs=[x]).to_javascript()
        >>> print(text[text.index("export function") :])
        export function program(inputs, params, outputs) {
            const x = inputs[0];
            const w = params[0];
        <BLANKLINE>
            const v1 = w * x;
            const v2 = v1 + 1.0;
        <BLANKLINE>
            outputs[0] = v2;
            return outputs;
        }
        <BLANKLINE>
        """
        from .export.to_javascript import to_javascript

        return to_javascript(self.code)

    def to_jax(self) -> Callable[..., list[Any]]:
        """Make the program a pure function of JAX, for jit, vmap, grad and sharding.

        Returns
        -------
        callable
            ``f(*inputs, params=None)`` gives a list of outputs. ``f.params`` is a dict of what the
            parameters hold now, by name; it is used where no other is given. Random numbers that
            the graph drew are inputs too, after the others.

        Raises
        ------
        ImportError
            If jax is not installed.
        GraphError
            If an op uses a function that JAX does not have.

        Notes
        -----
        JAX computes in single precision unless ``jax.config.update("jax_enable_x64", True)`` was
        called before. Its slopes at kinks, as of relu at 0, may be others than here; gradients
        that the tape recorded are what they are here.
        """
        from .export.to_jax import to_jax

        return to_jax(self.code)

    def to_torch(self) -> Callable[..., list[Any]]:
        """Make the program a function of torch, for its gradients, devices and compiler.

        Returns
        -------
        callable
            ``f(*inputs, params=None)`` gives a list of outputs. ``f.params`` is a dict of tensors,
            what the parameters hold now, by name; it is used where no other is given. Random
            numbers that the graph drew are inputs too, after the others. ``f.module`` is the
            program as torch runs it: ``f.module.to("cuda")`` moves its constants, and
            ``f.module.code`` is its source text.

        Raises
        ------
        ImportError
            If torch is not installed.
        GraphError
            If an op uses a function that has no counterpart in torch.

        Notes
        -----
        Slopes that torch computes at kinks, as of relu at 0, may be others than here; gradients
        that the tape recorded are what they are here.
        """
        from .export.to_torch import to_torch

        return to_torch(self.code)

    @cached_property
    def _buffers(self) -> Buffers:
        return Buffers(self.code)

    def _settle(self, cost: float) -> None:
        """Change to the compiled loop once it pays."""
        self._work += cost
        if self._work > _PATIENCE:
            from .executors.numba_executor import compiles

            self._is_settled = True
            if compiles(self.code):
                self.executor = "numba"
                self._plans.clear()

    def _plan(self, *how: Any) -> Any:
        """Prepare the program, once for each way in which it is called."""
        if how not in self._plans:
            prepare: Any = planned
            if self.executor == "numba":
                from .executors.numba_executor import Loop as prepare
            self._plans[how] = prepare(self.code, *how)
        return self._plans[how]

"""Where a recorded program can go: NumPy source, C, JAX and PyTorch."""

from collections.abc import Callable
from typing import Any

from ..program import Code


class HandOver:
    """What has a program, and can write it in other languages."""

    code: Code

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
        from .python import to_python

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
        from .c import to_c

        return to_c(self.code)

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
        from .jax import to_jax

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
        from .torch import to_torch

        return to_torch(self.code)

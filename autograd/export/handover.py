"""Where a recorded program can go: C so far."""

from ..code import Code


class HandOver:
    """What has a program, and can write it in other languages."""

    code: Code

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

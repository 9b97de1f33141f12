"""Spells + - * / ** @ and abs() once, for nodes and for symbols."""

from types import MappingProxyType
from typing import Any, Self

from .elementwise import abs, add, div, mul, neg, pow, sub
from .op import NO_PARAMS, Op, Params
from .products import matmul

# What a person types for the rows that Python spells with an operator.
OPERATORS = MappingProxyType(
    {add: "+", sub: "-", mul: "*", div: "/", pow: "**", neg: "-", matmul: "@"}
)


class Operand:
    """Base of whatever else an op can be applied to: write ``__apply_op__``, get the operators."""

    __slots__ = ()
    __array_ufunc__: Any = None  # lets array * operand reach __rmul__ below

    def __apply_op__(self, op: Op, operands: tuple[Any, ...], params: Params) -> Self:
        raise NotImplementedError

    def __add__(self, other: Any) -> Self:
        return self.__apply_op__(add, (self, other), NO_PARAMS)

    def __radd__(self, other: Any) -> Self:
        return self.__apply_op__(add, (other, self), NO_PARAMS)

    def __sub__(self, other: Any) -> Self:
        return self.__apply_op__(sub, (self, other), NO_PARAMS)

    def __rsub__(self, other: Any) -> Self:
        return self.__apply_op__(sub, (other, self), NO_PARAMS)

    def __mul__(self, other: Any) -> Self:
        return self.__apply_op__(mul, (self, other), NO_PARAMS)

    def __rmul__(self, other: Any) -> Self:
        return self.__apply_op__(mul, (other, self), NO_PARAMS)

    def __truediv__(self, other: Any) -> Self:
        return self.__apply_op__(div, (self, other), NO_PARAMS)

    def __rtruediv__(self, other: Any) -> Self:
        return self.__apply_op__(div, (other, self), NO_PARAMS)

    def __pow__(self, other: Any) -> Self:
        return self.__apply_op__(pow, (self, other), NO_PARAMS)

    def __rpow__(self, other: Any) -> Self:
        return self.__apply_op__(pow, (other, self), NO_PARAMS)

    def __matmul__(self, other: Any) -> Self:
        return self.__apply_op__(matmul, (self, other), NO_PARAMS)

    def __rmatmul__(self, other: Any) -> Self:
        return self.__apply_op__(matmul, (other, self), NO_PARAMS)

    def __neg__(self) -> Self:
        return self.__apply_op__(neg, (self,), NO_PARAMS)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return self.__apply_op__(abs, (self,), NO_PARAMS)

/* What the rows of one or two operands compute, with the params that they have by default. Written
   by `make rows` from autograd/ops/elementwise.py: do not edit. The core is used only as long as
   SOURCES is the check sum of that file and of _core.c. */
#define SOURCES "c701a2ff"

static inline double d_add(double g)
{
    return g;
}
static inline double d_add_(double g)
{
    return g;
}
static inline double d_sub(double g)
{
    return g;
}
static inline double d_sub_(double g)
{
    return -g;
}
static inline double d_mul(double g, double b)
{
    return g * b;
}
static inline double d_mul_(double g, double a)
{
    return g * a;
}
static inline double d_div(double g, double b)
{
    return g / b;
}
static inline double d_div_(double g, double y, double b)
{
    return -g * y / b;
}
static inline double where(double condition, double a, double b)
{
    return condition != 0.0 ? a : b;
}
static inline double d_pow(double g, double a, double b)
{
    return g * b * pow(where(a, a, where(b, a, 1.0)), b - 1.0);
}
static inline double xlogy(double a, double b)
{
    return a != 0.0 ? a * log(b) : 0.0;
}
static inline double d_pow_(double g, double y, double a)
{
    return g * xlogy(y, a);
}
static inline double d_alias(double g)
{
    return g;
}
static inline double d_neg(double g)
{
    return -g;
}
static inline double sign(double x)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;
}
static inline double d_abs(double g, double x)
{
    return g * sign(x);
}
static inline double square(double x)
{
    return x * x;
}
static inline double d_square(double g, double x)
{
    return g * (2.0 * x);
}
static inline double d_sqrt(double g, double y)
{
    return g / (2.0 * y);
}
static inline double d_exp(double g, double y)
{
    return g * y;
}
static inline double d_expm1(double g, double x)
{
    return g * exp(x);
}
static inline double d_log(double g, double x)
{
    return g / x;
}
static inline double d_log1p(double g, double x)
{
    return g / (1.0 + x);
}
static inline double d_xlogy(double g, double b)
{
    return g * log(b);
}
static inline double d_xlogy_(double g, double a, double b)
{
    return g * a / b;
}
static inline double d_sin(double g, double x)
{
    return g * cos(x);
}
static inline double d_cos(double g, double x)
{
    return -g * sin(x);
}
static inline double d_tan(double g, double y)
{
    return g * (1.0 + y * y);
}
static inline double d_sinh(double g, double x)
{
    return g * cosh(x);
}
static inline double d_cosh(double g, double x)
{
    return g * sinh(x);
}
static inline double sech2(double x)
{
    const double decay = exp(x > 0.0 ? -2.0 * x : 2.0 * x);
    return 4.0 * decay / ((1.0 + decay) * (1.0 + decay));
}
static inline double d_tanh(double g, double x)
{
    return g * sech2(x);
}
static inline double d_sech2(double g, double y, double x)
{
    return -g * (2.0 * y * tanh(x));
}
static inline double d_arcsin(double g, double x)
{
    return g / sqrt((1.0 - x) * (1.0 + x));
}
static inline double d_arccos(double g, double x)
{
    return -g / sqrt((1.0 - x) * (1.0 + x));
}
static inline double d_arctan(double g, double x)
{
    return g / (1.0 + x * x);
}
static inline double sigmoid(double x)
{
    const double decay = exp(-fabs(x));
    return (x >= 0.0 ? 1.0 : decay) / (1.0 + decay);
}
static inline double d_sigmoid(double g, double x)
{
    return g * (sech2(x / 2.0) / 4.0);
}
static inline double softplus(double x)
{
    return (x > 0.0 ? x : 0.0) + log1p(exp(-fabs(x)));
}
static inline double d_softplus(double g, double x)
{
    return g * sigmoid(x);
}
static inline double bce_with_logits(double z, double t)
{
    return (z >= 0.0 ? 1.0 - t : -t) * z + log1p(exp(-fabs(z)));
}
static inline double logistic_error(double z, double t)
{
    if (fabs(z) < 1.0) {
        return 0.5 - t + 0.5 * tanh(0.5 * z);
    }
    const double decay = exp(-fabs(z));
    const double tail = decay / (1.0 + decay);
    return z >= 0.0 ? 1.0 - t - tail : tail - t;
}
static inline double d_bce_with_logits(double g, double z, double t)
{
    return g * logistic_error(z, t);
}
static inline double d_bce_with_logits_(double g, double z)
{
    return -g * z;
}
static inline double d_logistic_error(double g, double z)
{
    return g * (sech2(z / 2.0) / 4.0);
}
static inline double d_logistic_error_(double g)
{
    return -g;
}
static inline double relu(double x)
{
    return x <= 0.0 ? 0.0 : x;
}
static inline double heaviside(double x, double at_zero)
{
    return x > 0.0 ? 1.0 : x < 0.0 ? 0.0 : x == 0.0 ? at_zero : x;
}
static inline double d_relu(double g, double x, double at_zero)
{
    return g * heaviside(x, at_zero);
}
static inline double leaky_relu(double x, double slope)
{
    return x > 0.0 ? x : slope * x;
}
static inline double d_leaky_relu(double g, double x, double slope, double at_zero)
{
    return g * (slope + (1.0 - slope) * heaviside(x, at_zero));
}
static inline double elu(double x, double alpha)
{
    return x > 0.0 ? x : alpha * expm1(x);
}
static inline double d_elu(double g, double x, double alpha)
{
    return g * exp(-relu(-x)) * (alpha + (1.0 - alpha) * heaviside(x, 0.0));
}
static inline double step(double x)
{
    return x > 0.0 ? 1.0 : x <= 0.0 ? 0.0 : x;
}
static inline double equal(double a, double b)
{
    return a == b ? 1.0 : 0.0;
}
static inline double maximum(double a, double b)
{
    return a > b || a != a ? a : b;
}
static inline double d_maximum(double g, double a, double b)
{
    return g * heaviside(a - b, 0.5);
}
static inline double d_maximum_(double g, double a, double b)
{
    return g * heaviside(b - a, 0.5);
}
static inline double minimum(double a, double b)
{
    return a < b || a != a ? a : b;
}
static inline double d_minimum(double g, double a, double b)
{
    return g * heaviside(b - a, 0.5);
}
static inline double d_minimum_(double g, double a, double b)
{
    return g * heaviside(a - b, 0.5);
}

VALUE(add, a + b)
RULE(add_by_a, d_add(g))
RULE(add_by_b, d_add_(g))
VALUE(sub, a - b)
RULE(sub_by_a, d_sub(g))
RULE(sub_by_b, d_sub_(g))
VALUE(mul, a * b)
RULE(mul_by_a, d_mul(g, b))
RULE(mul_by_b, d_mul_(g, a))
VALUE(div, a / b)
RULE(div_by_a, d_div(g, b))
RULE(div_by_b, d_div_(g, y, b))
VALUE(pow, pow(a, b))
RULE(pow_by_a, d_pow(g, a, b))
RULE(pow_by_b, d_pow_(g, y, a))
VALUE(alias, a)
RULE(alias_by_a, d_alias(g))
VALUE(neg, -a)
RULE(neg_by_a, d_neg(g))
VALUE(abs, fabs(a))
RULE(abs_by_a, d_abs(g, a))
VALUE(square, square(a))
RULE(square_by_a, d_square(g, a))
VALUE(sqrt, sqrt(a))
RULE(sqrt_by_a, d_sqrt(g, y))
VALUE(exp, exp(a))
RULE(exp_by_a, d_exp(g, y))
VALUE(expm1, expm1(a))
RULE(expm1_by_a, d_expm1(g, a))
VALUE(log, log(a))
RULE(log_by_a, d_log(g, a))
VALUE(log1p, log1p(a))
RULE(log1p_by_a, d_log1p(g, a))
VALUE(xlogy, xlogy(a, b))
RULE(xlogy_by_a, d_xlogy(g, b))
RULE(xlogy_by_b, d_xlogy_(g, a, b))
VALUE(sin, sin(a))
RULE(sin_by_a, d_sin(g, a))
VALUE(cos, cos(a))
RULE(cos_by_a, d_cos(g, a))
VALUE(tan, tan(a))
RULE(tan_by_a, d_tan(g, y))
VALUE(sinh, sinh(a))
RULE(sinh_by_a, d_sinh(g, a))
VALUE(cosh, cosh(a))
RULE(cosh_by_a, d_cosh(g, a))
VALUE(tanh, tanh(a))
RULE(tanh_by_a, d_tanh(g, a))
VALUE(sech2, sech2(a))
RULE(sech2_by_a, d_sech2(g, y, a))
VALUE(arcsin, asin(a))
RULE(arcsin_by_a, d_arcsin(g, a))
VALUE(arccos, acos(a))
RULE(arccos_by_a, d_arccos(g, a))
VALUE(arctan, atan(a))
RULE(arctan_by_a, d_arctan(g, a))
VALUE(sigmoid, sigmoid(a))
RULE(sigmoid_by_a, d_sigmoid(g, a))
VALUE(softplus, softplus(a))
RULE(softplus_by_a, d_softplus(g, a))
VALUE(bce_with_logits, bce_with_logits(a, b))
RULE(bce_with_logits_by_a, d_bce_with_logits(g, a, b))
RULE(bce_with_logits_by_b, d_bce_with_logits_(g, a))
VALUE(logistic_error, logistic_error(a, b))
RULE(logistic_error_by_a, d_logistic_error(g, a))
RULE(logistic_error_by_b, d_logistic_error_(g))
VALUE(relu, relu(a))
RULE(relu_by_a, d_relu(g, a, 0.0))
VALUE(leaky_relu, leaky_relu(a, 0.01))
RULE(leaky_relu_by_a, d_leaky_relu(g, a, 0.01, 0.0))
VALUE(elu, elu(a, 1.0))
RULE(elu_by_a, d_elu(g, a, 1.0))
VALUE(step, step(a))
VALUE(heaviside, heaviside(a, 0.0))
VALUE(sign, sign(a))
VALUE(equal, equal(a, b))
VALUE(maximum, maximum(a, b))
RULE(maximum_by_a, d_maximum(g, a, b))
RULE(maximum_by_b, d_maximum_(g, a, b))
VALUE(minimum, minimum(a, b))
RULE(minimum_by_a, d_minimum(g, a, b))
RULE(minimum_by_b, d_minimum_(g, a, b))

enum { OF_PYTHON, ROW_add, ROW_sub, ROW_mul, ROW_div, ROW_pow, ROW_alias, ROW_neg, ROW_abs, ROW_square, ROW_sqrt,
    ROW_exp, ROW_expm1, ROW_log, ROW_log1p, ROW_xlogy, ROW_sin, ROW_cos, ROW_tan, ROW_sinh,
    ROW_cosh, ROW_tanh, ROW_sech2, ROW_arcsin, ROW_arccos, ROW_arctan, ROW_sigmoid, ROW_softplus,
    ROW_bce_with_logits, ROW_logistic_error, ROW_relu, ROW_leaky_relu, ROW_elu, ROW_step,
    ROW_heaviside, ROW_sign, ROW_equal, ROW_maximum, ROW_minimum };
static Row ROWS[] = {
    [OF_PYTHON] = {0},
    [ROW_add] = ROW(add, 2, 0, add_by_a, add_by_b),
    [ROW_sub] = ROW(sub, 2, 0, sub_by_a, sub_by_b),
    [ROW_mul] = ROW(mul, 2, 0, mul_by_a, mul_by_b),
    [ROW_div] = ROW(div, 2, 0, div_by_a, div_by_b),
    [ROW_pow] = ROW(pow, 2, 0, pow_by_a, pow_by_b),
    [ROW_alias] = ROW(alias, 1, 1, alias_by_a, NULL),
    [ROW_neg] = ROW(neg, 1, 0, neg_by_a, NULL),
    [ROW_abs] = ROW(abs, 1, 0, abs_by_a, NULL),
    [ROW_square] = ROW(square, 1, 0, square_by_a, NULL),
    [ROW_sqrt] = ROW(sqrt, 1, 0, sqrt_by_a, NULL),
    [ROW_exp] = ROW(exp, 1, 0, exp_by_a, NULL),
    [ROW_expm1] = ROW(expm1, 1, 0, expm1_by_a, NULL),
    [ROW_log] = ROW(log, 1, 0, log_by_a, NULL),
    [ROW_log1p] = ROW(log1p, 1, 0, log1p_by_a, NULL),
    [ROW_xlogy] = ROW(xlogy, 2, 0, xlogy_by_a, xlogy_by_b),
    [ROW_sin] = ROW(sin, 1, 0, sin_by_a, NULL),
    [ROW_cos] = ROW(cos, 1, 0, cos_by_a, NULL),
    [ROW_tan] = ROW(tan, 1, 0, tan_by_a, NULL),
    [ROW_sinh] = ROW(sinh, 1, 0, sinh_by_a, NULL),
    [ROW_cosh] = ROW(cosh, 1, 0, cosh_by_a, NULL),
    [ROW_tanh] = ROW(tanh, 1, 0, tanh_by_a, NULL),
    [ROW_sech2] = ROW(sech2, 1, 0, sech2_by_a, NULL),
    [ROW_arcsin] = ROW(arcsin, 1, 0, arcsin_by_a, NULL),
    [ROW_arccos] = ROW(arccos, 1, 0, arccos_by_a, NULL),
    [ROW_arctan] = ROW(arctan, 1, 0, arctan_by_a, NULL),
    [ROW_sigmoid] = ROW(sigmoid, 1, 0, sigmoid_by_a, NULL),
    [ROW_softplus] = ROW(softplus, 1, 0, softplus_by_a, NULL),
    [ROW_bce_with_logits] = ROW(bce_with_logits, 2, 0, bce_with_logits_by_a, bce_with_logits_by_b),
    [ROW_logistic_error] = ROW(logistic_error, 2, 0, logistic_error_by_a, logistic_error_by_b),
    [ROW_relu] = ROW(relu, 1, 1, relu_by_a, NULL),
    [ROW_leaky_relu] = ROW(leaky_relu, 1, 1, leaky_relu_by_a, NULL),
    [ROW_elu] = ROW(elu, 1, 1, elu_by_a, NULL),
    [ROW_step] = ROW(step, 1, 1, NULL, NULL),
    [ROW_heaviside] = ROW(heaviside, 1, 1, no_flow, NULL),
    [ROW_sign] = ROW(sign, 1, 1, no_flow, NULL),
    [ROW_equal] = ROW(equal, 2, 1, no_flow, no_flow),
    [ROW_maximum] = ROW(maximum, 2, 1, maximum_by_a, maximum_by_b),
    [ROW_minimum] = ROW(minimum, 2, 1, minimum_by_a, minimum_by_b),
};

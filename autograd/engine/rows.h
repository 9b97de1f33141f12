/* What the rows of one or two operands compute, with the params that they have by default. Written
   by `make rows` from autograd/ops/elementwise.py, of which TABLE is a check sum: do not edit. */
#define TABLE "8b731ad3"

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

static double value_of_add(double a, double b)
{
    return a + b;
}
static double slope_a_of_add(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_add(g);
}
static double slope_b_of_add(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_add_(g);
}
static double value_of_sub(double a, double b)
{
    return a - b;
}
static double slope_a_of_sub(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_sub(g);
}
static double slope_b_of_sub(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_sub_(g);
}
static double value_of_mul(double a, double b)
{
    return a * b;
}
static double slope_a_of_mul(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    return d_mul(g, b);
}
static double slope_b_of_mul(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_mul_(g, a);
}
static double value_of_div(double a, double b)
{
    return a / b;
}
static double slope_a_of_div(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    return d_div(g, b);
}
static double slope_b_of_div(double g, double y, double a, double b)
{
    (void)a;
    return d_div_(g, y, b);
}
static double value_of_pow(double a, double b)
{
    return pow(a, b);
}
static double slope_a_of_pow(double g, double y, double a, double b)
{
    (void)y;
    return d_pow(g, a, b);
}
static double slope_b_of_pow(double g, double y, double a, double b)
{
    (void)b;
    return d_pow_(g, y, a);
}
static double value_of_alias(double a, double b)
{
    (void)b;
    return a;
}
static double slope_a_of_alias(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_alias(g);
}
static double value_of_neg(double a, double b)
{
    (void)b;
    return -a;
}
static double slope_a_of_neg(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_neg(g);
}
static double value_of_abs(double a, double b)
{
    (void)b;
    return fabs(a);
}
static double slope_a_of_abs(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_abs(g, a);
}
static double value_of_square(double a, double b)
{
    (void)b;
    return square(a);
}
static double slope_a_of_square(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_square(g, a);
}
static double value_of_sqrt(double a, double b)
{
    (void)b;
    return sqrt(a);
}
static double slope_a_of_sqrt(double g, double y, double a, double b)
{
    (void)a;
    (void)b;
    return d_sqrt(g, y);
}
static double value_of_exp(double a, double b)
{
    (void)b;
    return exp(a);
}
static double slope_a_of_exp(double g, double y, double a, double b)
{
    (void)a;
    (void)b;
    return d_exp(g, y);
}
static double value_of_expm1(double a, double b)
{
    (void)b;
    return expm1(a);
}
static double slope_a_of_expm1(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_expm1(g, a);
}
static double value_of_log(double a, double b)
{
    (void)b;
    return log(a);
}
static double slope_a_of_log(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_log(g, a);
}
static double value_of_log1p(double a, double b)
{
    (void)b;
    return log1p(a);
}
static double slope_a_of_log1p(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_log1p(g, a);
}
static double value_of_xlogy(double a, double b)
{
    return xlogy(a, b);
}
static double slope_a_of_xlogy(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    return d_xlogy(g, b);
}
static double slope_b_of_xlogy(double g, double y, double a, double b)
{
    (void)y;
    return d_xlogy_(g, a, b);
}
static double value_of_sin(double a, double b)
{
    (void)b;
    return sin(a);
}
static double slope_a_of_sin(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_sin(g, a);
}
static double value_of_cos(double a, double b)
{
    (void)b;
    return cos(a);
}
static double slope_a_of_cos(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_cos(g, a);
}
static double value_of_tan(double a, double b)
{
    (void)b;
    return tan(a);
}
static double slope_a_of_tan(double g, double y, double a, double b)
{
    (void)a;
    (void)b;
    return d_tan(g, y);
}
static double value_of_sinh(double a, double b)
{
    (void)b;
    return sinh(a);
}
static double slope_a_of_sinh(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_sinh(g, a);
}
static double value_of_cosh(double a, double b)
{
    (void)b;
    return cosh(a);
}
static double slope_a_of_cosh(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_cosh(g, a);
}
static double value_of_tanh(double a, double b)
{
    (void)b;
    return tanh(a);
}
static double slope_a_of_tanh(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_tanh(g, a);
}
static double value_of_sech2(double a, double b)
{
    (void)b;
    return sech2(a);
}
static double slope_a_of_sech2(double g, double y, double a, double b)
{
    (void)b;
    return d_sech2(g, y, a);
}
static double value_of_arcsin(double a, double b)
{
    (void)b;
    return asin(a);
}
static double slope_a_of_arcsin(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_arcsin(g, a);
}
static double value_of_arccos(double a, double b)
{
    (void)b;
    return acos(a);
}
static double slope_a_of_arccos(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_arccos(g, a);
}
static double value_of_arctan(double a, double b)
{
    (void)b;
    return atan(a);
}
static double slope_a_of_arctan(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_arctan(g, a);
}
static double value_of_sigmoid(double a, double b)
{
    (void)b;
    return sigmoid(a);
}
static double slope_a_of_sigmoid(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_sigmoid(g, a);
}
static double value_of_softplus(double a, double b)
{
    (void)b;
    return softplus(a);
}
static double slope_a_of_softplus(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_softplus(g, a);
}
static double value_of_bce_with_logits(double a, double b)
{
    return bce_with_logits(a, b);
}
static double slope_a_of_bce_with_logits(double g, double y, double a, double b)
{
    (void)y;
    return d_bce_with_logits(g, a, b);
}
static double slope_b_of_bce_with_logits(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_bce_with_logits_(g, a);
}
static double value_of_logistic_error(double a, double b)
{
    return logistic_error(a, b);
}
static double slope_a_of_logistic_error(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_logistic_error(g, a);
}
static double slope_b_of_logistic_error(double g, double y, double a, double b)
{
    (void)y;
    (void)a;
    (void)b;
    return d_logistic_error_(g);
}
static double value_of_relu(double a, double b)
{
    (void)b;
    return relu(a);
}
static double slope_a_of_relu(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_relu(g, a, 0.0);
}
static double value_of_leaky_relu(double a, double b)
{
    (void)b;
    return leaky_relu(a, 0.01);
}
static double slope_a_of_leaky_relu(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_leaky_relu(g, a, 0.01, 0.0);
}
static double value_of_elu(double a, double b)
{
    (void)b;
    return elu(a, 1.0);
}
static double slope_a_of_elu(double g, double y, double a, double b)
{
    (void)y;
    (void)b;
    return d_elu(g, a, 1.0);
}
static double value_of_step(double a, double b)
{
    (void)b;
    return step(a);
}
static double value_of_heaviside(double a, double b)
{
    (void)b;
    return heaviside(a, 0.0);
}
static double value_of_sign(double a, double b)
{
    (void)b;
    return sign(a);
}
static double value_of_equal(double a, double b)
{
    return equal(a, b);
}
static double value_of_maximum(double a, double b)
{
    return maximum(a, b);
}
static double slope_a_of_maximum(double g, double y, double a, double b)
{
    (void)y;
    return d_maximum(g, a, b);
}
static double slope_b_of_maximum(double g, double y, double a, double b)
{
    (void)y;
    return d_maximum_(g, a, b);
}
static double value_of_minimum(double a, double b)
{
    return minimum(a, b);
}
static double slope_a_of_minimum(double g, double y, double a, double b)
{
    (void)y;
    return d_minimum(g, a, b);
}
static double slope_b_of_minimum(double g, double y, double a, double b)
{
    (void)y;
    return d_minimum_(g, a, b);
}

static Row ROWS[] = {
    {NULL, 0, 0, NULL, {NULL, NULL}, NULL, NULL, NULL}, /* of what Python computes */
    {"add", 2, 0, value_of_add, {slope_a_of_add, slope_b_of_add}, NULL, NULL, NULL},
    {"sub", 2, 0, value_of_sub, {slope_a_of_sub, slope_b_of_sub}, NULL, NULL, NULL},
    {"mul", 2, 0, value_of_mul, {slope_a_of_mul, slope_b_of_mul}, NULL, NULL, NULL},
    {"div", 2, 0, value_of_div, {slope_a_of_div, slope_b_of_div}, NULL, NULL, NULL},
    {"pow", 2, 0, value_of_pow, {slope_a_of_pow, slope_b_of_pow}, NULL, NULL, NULL},
    {"alias", 1, 1, value_of_alias, {slope_a_of_alias, NULL}, NULL, NULL, NULL},
    {"neg", 1, 0, value_of_neg, {slope_a_of_neg, NULL}, NULL, NULL, NULL},
    {"abs", 1, 0, value_of_abs, {slope_a_of_abs, NULL}, NULL, NULL, NULL},
    {"square", 1, 0, value_of_square, {slope_a_of_square, NULL}, NULL, NULL, NULL},
    {"sqrt", 1, 0, value_of_sqrt, {slope_a_of_sqrt, NULL}, NULL, NULL, NULL},
    {"exp", 1, 0, value_of_exp, {slope_a_of_exp, NULL}, NULL, NULL, NULL},
    {"expm1", 1, 0, value_of_expm1, {slope_a_of_expm1, NULL}, NULL, NULL, NULL},
    {"log", 1, 0, value_of_log, {slope_a_of_log, NULL}, NULL, NULL, NULL},
    {"log1p", 1, 0, value_of_log1p, {slope_a_of_log1p, NULL}, NULL, NULL, NULL},
    {"xlogy", 2, 0, value_of_xlogy, {slope_a_of_xlogy, slope_b_of_xlogy}, NULL, NULL, NULL},
    {"sin", 1, 0, value_of_sin, {slope_a_of_sin, NULL}, NULL, NULL, NULL},
    {"cos", 1, 0, value_of_cos, {slope_a_of_cos, NULL}, NULL, NULL, NULL},
    {"tan", 1, 0, value_of_tan, {slope_a_of_tan, NULL}, NULL, NULL, NULL},
    {"sinh", 1, 0, value_of_sinh, {slope_a_of_sinh, NULL}, NULL, NULL, NULL},
    {"cosh", 1, 0, value_of_cosh, {slope_a_of_cosh, NULL}, NULL, NULL, NULL},
    {"tanh", 1, 0, value_of_tanh, {slope_a_of_tanh, NULL}, NULL, NULL, NULL},
    {"sech2", 1, 0, value_of_sech2, {slope_a_of_sech2, NULL}, NULL, NULL, NULL},
    {"arcsin", 1, 0, value_of_arcsin, {slope_a_of_arcsin, NULL}, NULL, NULL, NULL},
    {"arccos", 1, 0, value_of_arccos, {slope_a_of_arccos, NULL}, NULL, NULL, NULL},
    {"arctan", 1, 0, value_of_arctan, {slope_a_of_arctan, NULL}, NULL, NULL, NULL},
    {"sigmoid", 1, 0, value_of_sigmoid, {slope_a_of_sigmoid, NULL}, NULL, NULL, NULL},
    {"softplus", 1, 0, value_of_softplus, {slope_a_of_softplus, NULL}, NULL, NULL, NULL},
    {"bce_with_logits", 2, 0, value_of_bce_with_logits, {slope_a_of_bce_with_logits, slope_b_of_bce_with_logits}, NULL, NULL, NULL},
    {"logistic_error", 2, 0, value_of_logistic_error, {slope_a_of_logistic_error, slope_b_of_logistic_error}, NULL, NULL, NULL},
    {"relu", 1, 1, value_of_relu, {slope_a_of_relu, NULL}, NULL, NULL, NULL},
    {"leaky_relu", 1, 1, value_of_leaky_relu, {slope_a_of_leaky_relu, NULL}, NULL, NULL, NULL},
    {"elu", 1, 1, value_of_elu, {slope_a_of_elu, NULL}, NULL, NULL, NULL},
    {"step", 1, 1, value_of_step, {NULL, NULL}, NULL, NULL, NULL},
    {"heaviside", 1, 1, value_of_heaviside, {nothing, NULL}, NULL, NULL, NULL},
    {"sign", 1, 1, value_of_sign, {nothing, NULL}, NULL, NULL, NULL},
    {"equal", 2, 1, value_of_equal, {nothing, nothing}, NULL, NULL, NULL},
    {"maximum", 2, 1, value_of_maximum, {slope_a_of_maximum, slope_b_of_maximum}, NULL, NULL, NULL},
    {"minimum", 2, 1, value_of_minimum, {slope_a_of_minimum, slope_b_of_minimum}, NULL, NULL, NULL},
};
enum { OF_PYTHON, ROW_add, ROW_sub, ROW_mul, ROW_div, ROW_pow, ROW_alias, ROW_neg, ROW_abs, ROW_square, ROW_sqrt, ROW_exp, ROW_expm1, ROW_log, ROW_log1p, ROW_xlogy, ROW_sin, ROW_cos, ROW_tan, ROW_sinh, ROW_cosh, ROW_tanh, ROW_sech2, ROW_arcsin, ROW_arccos, ROW_arctan, ROW_sigmoid, ROW_softplus, ROW_bce_with_logits, ROW_logistic_error, ROW_relu, ROW_leaky_relu, ROW_elu, ROW_step, ROW_heaviside, ROW_sign, ROW_equal, ROW_maximum, ROW_minimum };

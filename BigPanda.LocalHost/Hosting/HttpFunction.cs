using System.Linq.Expressions;
using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

internal delegate Task<IResult> HttpInvocation(IServiceProvider services, HttpContext context);

internal sealed record HttpFunction(
    string Name, string Route, IReadOnlyList<string> Methods, AuthorizationLevel Level, HttpInvocation Invoke) : IFunction
{
    // The Functions host's methods for a trigger that names none.
    private static readonly string[] UsualMethods = ["GET", "POST", "DELETE", "HEAD", "PATCH", "PUT", "OPTIONS"];

    private static readonly MethodInfo RouteValueMethod = ((Func<HttpContext, string, string?>)RouteValue).Method;

    public static HttpFunction From(string name, HttpTriggerAttribute trigger, MethodInfo method)
    {
        var route = trigger.Route ?? name;
        return new HttpFunction(
            name,
            route,
            trigger.Methods is { Length: > 0 } methods ? [.. methods.Select(verb => verb.ToUpperInvariant())] : UsualMethods,
            trigger.AuthLevel,
            FunctionCompiler.Compile<HttpInvocation>(
                method, (parameter, invocation) => ReadParameter(parameter, invocation[1], route), FunctionCompiler.AsTaskOf<IResult>));
    }

    private static Expression? ReadParameter(ParameterInfo parameter, ParameterExpression context, string route)
    {
        if (parameter.ParameterType == typeof(HttpRequest))
            return Expression.Property(context, nameof(HttpContext.Request));
        if (parameter.ParameterType == typeof(CancellationToken))
            return Expression.Property(context, nameof(HttpContext.RequestAborted));
        if (parameter.ParameterType == typeof(string) && RoutePatternFactory.Parse(route).GetParameter(parameter.Name ?? "") is not null)
            return Expression.Call(RouteValueMethod, context, Expression.Constant(parameter.Name));
        return null;
    }

    private static string? RouteValue(HttpContext context, string name) => context.Request.RouteValues[name] as string;
}

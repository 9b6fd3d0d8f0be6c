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

    public static HttpFunction From(string name, HttpTriggerAttribute trigger, MethodInfo method)
    {
        var route = trigger.Route ?? name;
        var (call, read) = (FunctionBinder.Bind<HttpContext>(method, parameter => FindReader(parameter, route)), FunctionBinder.AsTaskOf<IResult>(method));
        return new HttpFunction(
            name,
            route,
            trigger.Methods is { Length: > 0 } methods ? [.. methods.Select(verb => verb.ToUpperInvariant())] : UsualMethods,
            trigger.AuthLevel,
            (services, context) => read(call(services, context)));
    }

    private static Func<HttpContext, object?>? FindReader(ParameterInfo parameter, string route)
    {
        if (parameter.ParameterType == typeof(HttpRequest)) return static context => context.Request;
        if (parameter.ParameterType == typeof(CancellationToken)) return static context => context.RequestAborted;
        if (parameter is { Name: { } name } && parameter.ParameterType == typeof(string) && RoutePatternFactory.Parse(route).GetParameter(name) is not null)
            return context => context.Request.RouteValues[name] as string;
        return null;
    }
}

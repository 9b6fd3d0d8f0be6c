using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;

namespace BigPanda.Functions.Console.Api;

/// <summary>A function of the API, as the console's API runs it.</summary>
internal sealed class ConsoleOperation
{
    private readonly MethodInfo _method;
    private readonly Type _type;
    private readonly ParameterInfo[] _parameters;
    private readonly TemplateMatcher _matcher;

    public ConsoleOperation(MethodInfo method, string name, string route, IReadOnlyList<string> methods, ConsoleRole role)
    {
        (_method, _parameters, Name, Route, Methods, Role) = (method, method.GetParameters(), name, route, methods, role);
        _type = method.DeclaringType ?? throw new InvalidOperationException($"{name} has no class.");
        var template = TemplateParser.Parse(Route);
        _matcher = new TemplateMatcher(template, []);
        Precedence = RoutePrecedence.ComputeInbound(template);
        foreach (var parameter in _parameters)
        {
            if (!IsKnown(parameter, template)) throw new InvalidOperationException($"The console cannot fill in the parameter {parameter.Name} of {name}.");
        }
    }

    public string Name { get; }

    public string Route { get; }

    public IReadOnlyList<string> Methods { get; }

    public ConsoleRole Role { get; }

    /// <summary>The lower, the more literal.</summary>
    public decimal Precedence { get; }

    public bool Matches(string method, PathString path, RouteValueDictionary values) =>
        Methods.Contains(method, StringComparer.OrdinalIgnoreCase) && _matcher.TryMatch(path, values);

    public async Task<IResult> InvokeAsync(IServiceProvider services, HttpRequest request, RouteValueDictionary values, CancellationToken cancellationToken)
    {
        var arguments = Array.ConvertAll(_parameters, object? (parameter) =>
            parameter.ParameterType == typeof(HttpRequest) ? request
            : parameter.ParameterType == typeof(CancellationToken) ? cancellationToken
            : values[parameter.Name ?? ""]);
        var instance = _method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, _type);
        return _method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null) switch
        {
            Task<IResult> pending => await pending,
            IResult result => result,
            _ => throw new InvalidOperationException($"{Name} returned no result."),
        };
    }

    private static bool IsKnown(ParameterInfo parameter, RouteTemplate template) =>
        parameter.ParameterType == typeof(HttpRequest) || parameter.ParameterType == typeof(CancellationToken)
        || (parameter.ParameterType == typeof(string) && template.GetParameter(parameter.Name ?? "") is not null);
}

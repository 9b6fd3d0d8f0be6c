using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.LocalHost.Hosting;

/// <summary>An app's functions, found by the worker's rule: public methods of public classes with [Function].</summary>
internal sealed record FunctionCatalog(
    IReadOnlyList<HttpFunction> Http, IReadOnlyList<QueueFunction> Queues, IReadOnlyList<TimerFunction> Timers)
{
    public static FunctionCatalog Discover(IEnumerable<Assembly> assemblies) =>
        Discover(assemblies.SelectMany(assembly => assembly.GetExportedTypes()));

    public static FunctionCatalog Discover(IEnumerable<Type> types)
    {
        var functions = types
            .Where(type => type is { IsClass: true, IsGenericTypeDefinition: false })
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<FunctionAttribute>() is { } function ? Read(function.Name, method) : null)
            .OfType<IFunction>()
            .OrderBy(function => function.Name, StringComparer.Ordinal)
            .ToArray();

        foreach (var name in functions.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(named => named.Count() > 1))
            throw new InvalidOperationException($"Two functions have the name {name.Key}.");

        return new FunctionCatalog(
            [.. functions.OfType<HttpFunction>()], [.. functions.OfType<QueueFunction>()], [.. functions.OfType<TimerFunction>()]);
    }

    private static IFunction Read(string name, MethodInfo method)
    {
        var triggers = method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes()).ToArray();
        if (triggers.OfType<HttpTriggerAttribute>().SingleOrDefault() is { } http)
            return HttpFunction.From(name, http, method);
        if (triggers.OfType<ServiceBusTriggerAttribute>().SingleOrDefault() is { } queue)
            return QueueFunction.From(name, queue, method);
        if (triggers.OfType<TimerTriggerAttribute>().SingleOrDefault() is { } timer)
            return TimerFunction.From(name, timer, method);
        throw new InvalidOperationException($"Function {name} has none of the triggers this host runs: HTTP, Service Bus queue, timer.");
    }
}

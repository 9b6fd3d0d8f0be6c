using System.Reflection;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// Binds a function's method: services create the instance, each parameter has a reader. By reflection: compiling expressions takes longer than a
/// start may.
/// </summary>
internal static class FunctionBinder
{
    private static readonly MethodInfo ConvertMethod =
        ((Func<Task<IResult>, Task<IResult>>)ConvertAsync<IResult, IResult>).Method.GetGenericMethodDefinition();

    /// <typeparam name="T">What an invocation carries.</typeparam>
    /// <param name="findReader">Reads a parameter's value; null for a parameter that this trigger does not have.</param>
    public static Func<IServiceProvider, T, object?> Bind<T>(MethodInfo method, Func<ParameterInfo, Func<T, object?>?> findReader)
    {
        var readers = method.GetParameters()
            .Select(parameter => findReader(parameter) ?? throw Unsupported(method, $"parameter {parameter.Name} of type {parameter.ParameterType.Name}"))
            .ToArray();
        var type = method.ReflectedType ?? throw Unsupported(method, "module-level method");
        var invoker = MethodInvoker.Create(method);
        return (services, values) =>
        {
            var arguments = new object?[readers.Length];
            for (var i = 0; i < readers.Length; i++) arguments[i] = readers[i](values);
            return invoker.Invoke(method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, type), arguments.AsSpan());
        };
    }

    public static Func<object?, Task> AsTask(MethodInfo method) =>
        method.ReturnType == typeof(void) ? static _ => Task.CompletedTask
        : method.ReturnType.IsAssignableTo(typeof(Task)) ? Returned<Task>
        : throw Unsupported(method, $"return type {method.ReturnType.Name}");

    public static Func<object?, Task<T>> AsTaskOf<T>(MethodInfo method)
    {
        var type = method.ReturnType;
        if (type == typeof(Task<T>)) return Returned<Task<T>>;
        if (type.IsAssignableTo(typeof(T))) return static returned => Task.FromResult(Returned<T>(returned));
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(Task<>) || !type.GenericTypeArguments[0].IsAssignableTo(typeof(T)))
            throw Unsupported(method, $"return type {type.Name}");
        var convert = MethodInvoker.Create(ConvertMethod.MakeGenericMethod(type.GenericTypeArguments[0], typeof(T)));
        return returned => Returned<Task<T>>(convert.Invoke(null, returned));
    }

    private static T Returned<T>(object? returned) => returned is T value ? value : throw new InvalidOperationException("The function returned null.");

    private static async Task<TTo> ConvertAsync<TFrom, TTo>(Task<TFrom> task) where TFrom : TTo => await task;

    private static InvalidOperationException Unsupported(MethodInfo method, string what) =>
        new($"{method.ReflectedType?.Name}.{method.Name}: this host does not support its {what}.");
}

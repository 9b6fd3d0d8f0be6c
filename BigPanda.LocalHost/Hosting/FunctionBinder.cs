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
        Func<IServiceProvider, object>? create = null;
        return (services, values) =>
        {
            var arguments = new object?[readers.Length];
            for (var i = 0; i < readers.Length; i++) arguments[i] = readers[i](values);
            // At the first call: most functions are not called before the host has started.
            var instance = method.IsStatic ? null : (create ??= Creator(type))(services);
            return invoker.Invoke(instance, arguments.AsSpan());
        };
    }

    /// <summary>ActivatorUtilities searches the constructor and its attributes at each call, which costs more than a webhook's checks.</summary>
    private static Func<IServiceProvider, object> Creator(Type type)
    {
        var constructor = type.GetConstructors().Single();
        var readers = constructor.GetParameters().Select(ServiceReader).ToArray();
        var invoker = ConstructorInvoker.Create(constructor);
        return services =>
        {
            var arguments = new object?[readers.Length];
            for (var i = 0; i < readers.Length; i++) arguments[i] = readers[i](services);
            return invoker.Invoke(arguments.AsSpan());
        };
    }

    private static Func<IServiceProvider, object> ServiceReader(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        return parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { Key: { } key }
            ? services => services.GetRequiredKeyedService(type, key)
            : services => services.GetRequiredService(type);
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

using System.Linq.Expressions;
using System.Reflection;

namespace BigPanda.LocalHost.Hosting;

/// <summary>
/// Compiles a function's method into a delegate: services create the instance, the delegate's other parameters are the method's.
/// Reflection runs once, here, and not in an invocation.
/// </summary>
internal static class FunctionCompiler
{
    private static readonly MethodInfo ConvertResultMethod =
        ((Func<Task<IResult>, Task<IResult>>)ConvertResultAsync<IResult, IResult>).Method.GetGenericMethodDefinition();

    /// <typeparam name="TInvocation">A delegate whose first parameter is the scope's IServiceProvider.</typeparam>
    public static TInvocation Compile<TInvocation>(
        MethodInfo method,
        Func<ParameterInfo, IReadOnlyList<ParameterExpression>, Expression?> readParameter,
        Func<MethodInfo, Expression, Expression> returned) where TInvocation : Delegate
    {
        var invocation = InvocationParameters<TInvocation>();
        var arguments = method.GetParameters().Select(parameter => readParameter(parameter, invocation)
            ?? throw Unsupported(method, $"parameter {parameter.Name} of type {parameter.ParameterType.Name}"));
        var call = Expression.Call(method.IsStatic ? null : Instance(method, invocation[0]), method, arguments);
        return Expression.Lambda<TInvocation>(returned(method, call), invocation).Compile();
    }

    public static Expression AsTask(MethodInfo method, Expression call) =>
        method.ReturnType == typeof(void) ? Expression.Block(call, Expression.Constant(Task.CompletedTask))
        : method.ReturnType.IsAssignableTo(typeof(Task)) ? call
        : throw Unsupported(method, $"return type {method.ReturnType.Name}");

    public static Expression AsTaskOf<T>(MethodInfo method, Expression call)
    {
        var type = method.ReturnType;
        if (type == typeof(Task<T>))
            return call;
        if (type.IsAssignableTo(typeof(T)))
            return Expression.Call(typeof(Task), nameof(Task.FromResult), [typeof(T)], Expression.Convert(call, typeof(T)));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) && type.GenericTypeArguments[0].IsAssignableTo(typeof(T)))
            return Expression.Call(ConvertResultMethod.MakeGenericMethod(type.GenericTypeArguments[0], typeof(T)), call);
        throw Unsupported(method, $"return type {type.Name}");
    }

    private static ParameterExpression[] InvocationParameters<TInvocation>() =>
        [.. typeof(TInvocation).GetMethods().Single(method => method.Name == "Invoke").GetParameters()
            .Select(parameter => Expression.Parameter(parameter.ParameterType, parameter.Name))];

    private static UnaryExpression Instance(MethodInfo method, ParameterExpression services)
    {
        var type = method.ReflectedType ?? throw Unsupported(method, "module-level method");
        var factory = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
        var made = Expression.Invoke(Expression.Constant(factory), services, Expression.Constant(null, typeof(object[])));
        return Expression.Convert(made, type);
    }

    private static async Task<TTo> ConvertResultAsync<TFrom, TTo>(Task<TFrom> task) where TFrom : TTo => await task;

    private static InvalidOperationException Unsupported(MethodInfo method, string what) =>
        new($"{method.ReflectedType?.Name}.{method.Name}: this host does not support its {what}.");
}

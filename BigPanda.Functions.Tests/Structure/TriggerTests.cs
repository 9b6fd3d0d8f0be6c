using System.Reflection;
using System.Text.Json;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Tests.Structure;

/// <summary>The settings that triggers and host.json must agree on: a message that the host completes before its work is done is lost.</summary>
public sealed class TriggerTests
{
    private static readonly IReadOnlyList<(MethodInfo Method, ServiceBusTriggerAttribute Trigger)> Queued =
    [
        .. from method in typeof(AppServices).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
           from trigger in method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<ServiceBusTriggerAttribute>())
           select (method, trigger),
    ];

    [Fact]
    public void Messages_are_completed_by_the_app_alone()
    {
        var bus = JsonElement.Parse(Checkout.Text("host.json")).GetProperty("extensions").GetProperty("serviceBus");
        Assert.False(bus.GetProperty("autoCompleteMessages").GetBoolean());

        // Set on a trigger it would override host.json.
        Violations.AssertNone(
            from method in typeof(AppServices).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
            from attribute in method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributesData())
            where attribute.AttributeType == typeof(ServiceBusTriggerAttribute)
                && attribute.NamedArguments.Any(argument => argument.MemberName == "AutoCompleteMessages")
            select method.DeclaringType?.Name);
    }

    [Fact]
    public void Every_queue_has_one_function_that_takes_it_session_by_session()
    {
        Assert.Equal(Queues.All.Order(), Queued.Select(queued => queued.Trigger.QueueName).Order());
        Assert.All(Queued, queued => Assert.Equal((true, Queues.Connection), (queued.Trigger.IsSessionsEnabled, queued.Trigger.Connection)));
    }

    [Fact]
    public void A_function_that_takes_messages_settles_them_itself() => Assert.All(
        Queued, queued => Assert.Contains(queued.Method.GetParameters(), parameter => parameter.ParameterType == typeof(ServiceBusMessageActions)));

    /// <summary>The worker looks a function's method up by its name.</summary>
    [Fact]
    public void A_functions_method_has_its_name_for_itself()
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        Violations.AssertNone(
            from type in typeof(AppServices).Assembly.GetExportedTypes()
            from method in type.GetMethods()
            where method.GetCustomAttribute<FunctionAttribute>() is not null && type.GetMethods(Any).Count(other => other.Name == method.Name) > 1
            select $"{type.Name}.{method.Name}");
    }

    /// <summary>Monitors call with HEAD; a 405 makes them report the bridge as down.</summary>
    [Fact]
    public void Every_GET_answers_HEAD() => Violations.AssertNone(
        from method in typeof(AppServices).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
        from trigger in method.GetParameters().SelectMany(parameter => parameter.GetCustomAttributes<HttpTriggerAttribute>())
        where trigger.Methods?.Contains("get") == true && !trigger.Methods.Contains("head")
        select $"{method.DeclaringType?.Name}.{method.Name}");
}

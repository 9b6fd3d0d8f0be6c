using System.Reflection;
using BigPanda.Functions.Actions;
using BigPanda.Functions.Alerts.Apply;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Messaging.Settling;
using BigPanda.Functions.Tests.Support;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class DeadLetterReasonTests
{
    /// <summary>Alert rules and people's queries name these: a change here breaks them.</summary>
    private static readonly string[] Expected =
        ["ActionFailed", "AlertRefused", "AlertRule", "EntityLimit", "ExecutionFailed", "MessageUnreadable", "ProcessKilled"];

    [Fact]
    public void The_reasons_of_dead_letters_are_these() => Assert.Equal(Expected, Reasons().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/operations.md")]
    public void The_documentation_lists_every_reason(string page) =>
        Assert.All(Expected, reason => Assert.Contains($"`{reason}`", Checkout.Text(page), StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(Settlement))]
    [InlineData(typeof(ApplyAlertEventFunction))]
    [InlineData(typeof(ActionRunner))]
    public void The_workbook_finds_dead_letters_by_the_words_of_their_log_lines(Type decides)
    {
        const string Words = "dead-letter queue";
        Assert.Contains($"message has \\\"{Words}\\\"", Checkout.Text("infra/workbooks/bridge.json"), StringComparison.Ordinal);
        Assert.Contains(Messages(decides), message => message.Contains(Words, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Messages(Type type) =>
        from nested in type.GetNestedTypes(BindingFlags.NonPublic)
        from method in nested.GetMethods(BindingFlags.Static | BindingFlags.Public)
        select method.GetCustomAttribute<LoggerMessageAttribute>()?.Message ?? "";

    private static IEnumerable<string?> Reasons() =>
        typeof(DeadLetterReasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string?)field.GetRawConstantValue());
}

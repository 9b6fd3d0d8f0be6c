using System.Reflection;
using BigPanda.Functions.Messaging;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Messaging;

public sealed class DeadLetterReasonTests
{
    /// <summary>Alert rules and people's queries name these: a change here breaks them.</summary>
    private static readonly string[] Expected = ["ActionFailed", "AlertRule", "EntityLimit", "ExecutionFailed", "MessageUnreadable", "ProcessKilled"];

    [Fact]
    public void The_reasons_of_dead_letters_are_these() => Assert.Equal(Expected, Reasons().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/operations.md")]
    public void The_documentation_lists_every_reason(string page) =>
        Assert.All(Expected, reason => Assert.Contains($"`{reason}`", Checkout.Text(page), StringComparison.Ordinal));

    private static IEnumerable<string?> Reasons() =>
        typeof(DeadLetterReasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string?)field.GetRawConstantValue());
}

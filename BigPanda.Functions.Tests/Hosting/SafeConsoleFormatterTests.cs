using BigPanda.LocalHost.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace BigPanda.Functions.Tests.Hosting;

public sealed class SafeConsoleFormatterTests
{
    [Fact]
    public void A_name_cannot_add_escape_sequences_or_lines()
    {
        using var output = new StringWriter();
        var entry = new LogEntry<string>(
            LogLevel.Warning, "Bridge", new EventId(3), "sent by \u001b[31mada\u009b2J\r\n00:00:00 info: forged\u2028 ✓",
            new InvalidOperationException("a\u0007b\nc"), static (state, _) => state);

        new SafeConsoleFormatter(TimeProvider.System).Write(in entry, null, output);

        var line = output.ToString().TrimEnd('\r', '\n');
        Assert.DoesNotContain(line, char.IsControl);
        Assert.EndsWith(
            "warn: Bridge[3] sent by  [31mada 2J  00:00:00 info: forged  ✓ System.InvalidOperationException: a b c", line, StringComparison.Ordinal);
    }
}

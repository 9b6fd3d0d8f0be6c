using BigPanda.Functions.Monitors.Alerts;
using BigPanda.Functions.Monitors.Formats;

namespace BigPanda.Functions.Tests.Monitors.Formats;

/// <summary>Every body of the corpus becomes what is expected of it, and what goes to BigPanda is valid there.</summary>
public sealed class SampleTests
{
    public static TheoryData<string, string> Rows => MonitorSamples.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_body_becomes_what_is_expected(string format, string name)
    {
        var read = MonitorSamples.Show(MonitorSamples.Read(format, name));

        Assert.True(MonitorSamples.ExpectedOf(format, name) == read, $"{format}/{name} is not as expected. It became:\n{read}");
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_goes_to_BigPanda_is_valid_there(string format, string name) => Assert.All(
        MonitorSamples.Accepted(format, name), alert => Assert.Empty(AlertsApi.Errors(MonitorAlertJson.Write(alert))));

    [Theory]
    [MemberData(nameof(Rows))]
    public void What_goes_to_BigPanda_reads_back_as_the_same(string format, string name)
    {
        foreach (var alert in MonitorSamples.Accepted(format, name))
        {
            var json = MonitorAlertJson.Write(alert);
            var again = MonitorSamples.ReadOne("bigpanda", json);

            Assert.Equal(json, MonitorAlertJson.Write(again));
            Assert.Equal(alert.Identity, again.Identity);
        }
    }

    [Fact]
    public void Every_format_has_samples()
    {
        Assert.Equal("bigpanda, azureMonitor, alertmanager, grafana", MonitorFormat.Names);
        Assert.All(MonitorFormat.Known, format => Assert.True(MonitorSamples.All.Count(sample => sample.Format == format.Name) > 10));
    }

    [Theory]
    [InlineData("AZUREMONITOR", "azureMonitor")]
    [InlineData("bigpanda", "bigpanda")]
    [InlineData("nagios", null)]
    [InlineData("", null)]
    public void A_format_is_found_in_any_case(string name, string? found) => Assert.Equal(found, MonitorFormat.Find(name)?.Name);
}

using System.Text;
using System.Text.Json;
using BigPanda.Functions.Monitors.Formats.Azure;

namespace BigPanda.Functions.Tests.Monitors.Formats;

public sealed class AzurePartsTests
{
    [Theory]
    [InlineData("/subscriptions/S/resourceGroups/G/providers/Microsoft.Compute/virtualMachines/vm", "vm", "S", "G", "Microsoft.Compute/virtualMachines")]
    [InlineData("/SUBSCRIPTIONS/S/RESOURCEGROUPS/G/PROVIDERS/A.B/T/n/", "n", "S", "G", "A.B/T")]
    [InlineData("/subscriptions/S/resourceGroups/G/providers/Microsoft.Sql/servers/s/databases/d", "d", "S", "G", "Microsoft.Sql/servers/databases")]
    [InlineData("/subscriptions/S/resourceGroups/G/providers/A.B/T/n/providers/C.D/U/m", "m", "S", "G", "C.D/U")]
    [InlineData("/subscriptions/S", "S", "S", null, null)]
    [InlineData("/subscriptions/S/resourceGroups/G", "G", "S", "G", null)]
    [InlineData("/subscriptions", "subscriptions", null, null, null)]
    [InlineData(" web.example ", "web.example", null, null, null)]
    public void A_resource_id_has_its_parts(string text, string name, string? subscription, string? group, string? type)
    {
        var id = ArmId.Parse(text);

        Assert.Equal((name, subscription, group, type), (id?.Name, id?.Subscription, id?.ResourceGroup, id?.Type));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("///")]
    [InlineData(null)]
    public void A_blank_text_is_no_resource(string? text) => Assert.Null(ArmId.Parse(text));

    /// <summary>The service's name decides, however it is spelled; what the alert holds, where the name does not.</summary>
    [Theory]
    [InlineData("ServiceHealth", "{}", "serviceHealth")]
    [InlineData("Resource Health", "{}", "resourceHealth")]
    [InlineData("Prometheus", "{}", "prometheus")]
    [InlineData("SmartDetector", "{}", "smartDetection")]
    [InlineData("CostAlerts", "{}", "budget")]
    [InlineData("Simple Log Alert", "{}", "simpleLog")]
    [InlineData("Log Alerts V2", "{}", "log")]
    [InlineData("Log Analytics", "{}", "logV1")]
    [InlineData("Application Insights", "{}", "logV1")]
    [InlineData("Activity Log - Administrative", "{}", "administrative")]
    [InlineData("Activity Log - Policy", "{}", "activityLog")]
    [InlineData("Platform", "{}", "metric")]
    [InlineData("Platform", """{"conditionType":"LogQueryCriteria","condition":{"allOf":[{}]}}""", "log")]
    [InlineData("New", """{"condition":{"allOf":[{}]}}""", "metric")]
    [InlineData("New", """{"SearchQuery":"x"}""", "logV1")]
    [InlineData("New", """{"expression":"up == 0"}""", "prometheus")]
    [InlineData("New", """{"SmartDetectorId":"x"}""", "smartDetection")]
    [InlineData("New", """{"AlertData":{"BudgetName":"x"}}""", "budget")]
    [InlineData("New", """{"operationName":"x"}""", "activityLog")]
    [InlineData("New", "{}", "unknown")]
    [InlineData("", "{}", "unknown")]
    public void An_alert_is_of_one_kind(string service, string context, string kind) => Assert.Equal(kind, AzureKinds.Of(Read(context, service)).Name);

    /// <summary>.NET's event levels, as numbers or words.</summary>
    [Theory]
    [InlineData("1", "Critical")]
    [InlineData("2", "Critical")]
    [InlineData("3", "Warning")]
    [InlineData("4", "Warning")]
    [InlineData("5", "Unknown")]
    [InlineData("Error", "Critical")]
    public void The_level_of_an_event_is_its_status(string level, string status) =>
        Assert.Equal(status, $"{AzureEvents.ByLevel(Read($$"""{"level":"{{level}}"}""", "Activity Log"))}");

    [Theory]
    [InlineData("""{"Activity Log Event Description":"a","properties":{"description":"b","title":"c"}}""", "a")]
    [InlineData("""{"properties":{"description":"b","title":"c"}}""", "b")]
    [InlineData("""{"properties":{"title":"c"}}""", "c")]
    [InlineData("""{"operationName":"restart","status":"Started"}""", "restart: Started")]
    public void An_event_is_described_by_the_first_text_that_says_it(string context, string description) =>
        Assert.Equal(description, AzureEvents.Other.Describe(Read(context, "Activity Log")));

    [Theory]
    [InlineData("""{"metricName":"cpu","metricMeasureColumn":"x","operator":"Above","threshold":80,"metricValue":93}""", "cpu Above 80 over PT5M: 93")]
    [InlineData("""{"metricMeasureColumn":"x","operator":"GreaterThan","event":[[{"name":"a","value":"1"}]]}""", "x GreaterThan over PT5M")]
    [InlineData("""{"timeAggregation":"Count","searchQuery":"q","operator":"LessThan","threshold":1}""", "Count of the query's rows LessThan 1 over PT5M")]
    [InlineData("""{"event":[[{"name":"a","value":"1"},{"name":"b","value":2}],[{"name":"c","value":"3"}]]}""", "a: 1, b: 2")]
    [InlineData("""{"event":"none","dimensions":"[not JSON","webTestName":"ping"}""", "(ping) over PT5M")]
    public void A_condition_is_described_by_what_it_measures_or_by_its_first_row(string condition, string description)
    {
        var context = Read($$$"""{"condition":{"allOf":[{{{condition}}}]}}""", "Platform").Context;

        Assert.Equal(description, Assert.Single(context.Conditions).Describe("PT5M"));
    }

    [Theory]
    [InlineData("\"a\"", "a")]
    [InlineData("\" \"", "")]
    [InlineData("\"[\\\"a\\\",\\\"b\\\"]\"", "a b")]
    [InlineData("[\"a\",null,\" \",{\"b\":1},7]", "a 7")]
    [InlineData("{\"a\":1}", "")]
    public void A_list_may_be_one_text_or_JSON_in_a_text(string json, string texts)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();

        Assert.Equal(texts, string.Join(' ', AzureLists.Texts(ref reader)));
        Assert.Equal(0, reader.CurrentDepth);
    }

    [Fact]
    public void Budgets_with_a_blank_name_and_no_id_are_known_by_their_rules()
    {
        Assert.NotEqual(IdentityOf("one"), IdentityOf("two"));

        static string IdentityOf(string rule) => MonitorSamples.ReadOne("azureMonitor", Encoding.UTF8.GetBytes($$$"""
            {"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"monitoringService":"CostAlerts","monitorCondition":"Fired",
             "alertRule":"{{{rule}}}","alertTargetIDs":["/subscriptions/S"]},"alertContext":{"AlertData":{"BudgetName":" ","ThresholdType":"Actual"} } } }
            """)).Identity;
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("<p>Two <b>words</b></p><p>and&nbsp;more &amp; &lt;less&gt;</p>", "Two words and more & <less>")]
    [InlineData("a < b and c > d", "a < b and c > d")]
    [InlineData("before <a href='x' unclosed", "before")]
    [InlineData("<!-- note -->text<br/>line", "text line")]
    [InlineData("", "")]
    public void Html_becomes_its_text(string html, string text) => Assert.Equal(text, HtmlText.Of(html));

    private static AzureAlert Read(string context, string service)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes($$"""{"essentials":{"monitoringService":"{{service}}"},"alertContext":{{context}}}"""));
        reader.Read();
        return AzureAlert.Read(ref reader) ?? throw new InvalidOperationException("No essentials.");
    }
}

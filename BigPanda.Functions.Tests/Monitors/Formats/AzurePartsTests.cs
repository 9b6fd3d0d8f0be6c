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

    [Fact]
    public void Budgets_with_a_blank_name_and_no_id_are_known_by_their_rules()
    {
        Assert.NotEqual(IdentityOf("one"), IdentityOf("two"));

        static string IdentityOf(string rule) => MonitorSamples.ReadOne("azureMonitor", System.Text.Encoding.UTF8.GetBytes($$$"""
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
}

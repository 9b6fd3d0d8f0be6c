using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace BigPanda.Functions.Tests.Alerts.Rules;

/// <summary>For random partial deliveries in any order of arrival, each field has the value of the newest delivery that gives it.</summary>
public sealed class ContentLawsTests
{
    [Property(MaxTest = 2_000)]
    public Property Each_field_has_the_value_of_the_newest_delivery_that_says_it_in_every_order() =>
        Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
    {
        var random = new Random(seed);
        var said = Enumerable.Range(1, random.Next(2, 9)).Select(i => Fields(random, i)).ToArray();
        var deliveries = said.Select((fields, i) => ContentFieldsTests.Of(Body(fields), (i + 1) * 10)).ToArray();

        var inOrder = ContentFieldsTests.Apply(deliveries).Content;
        var arrivals = deliveries.Concat(deliveries.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(arrivals);
        var shuffled = ContentFieldsTests.Apply(arrivals).Content;

        var (expected, one, other) = (Model(said), ContentFieldsTests.Shown(inOrder), ContentFieldsTests.Shown(shuffled));
        return (Text(one) == Text(other)).Label($"in order\n{Text(one)}\nas arrived\n{Text(other)}")
            .And(expected.All(pair => one[pair.Key] == pair.Value).Label($"expected\n{Text(expected)}\nfound\n{Text(one)}"));
    });

    [Property(MaxTest = 1_000)]
    public Property Deliveries_of_one_second_end_in_the_same_content_in_every_order() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
    {
        var random = new Random(seed);
        var deliveries = Enumerable.Range(1, random.Next(2, 7)).Select(i => ContentFieldsTests.Of(Body(Fields(random, i)), 10)).ToArray();
        var inOrder = ContentFieldsTests.Shown(ContentFieldsTests.Apply(deliveries).Content);
        random.Shuffle(deliveries);
        return Text(inOrder) == Text(ContentFieldsTests.Shown(ContentFieldsTests.Apply(deliveries).Content));
    });

    /// <summary>The fields of the delivery with this number; null for a field that is present without a usable value.</summary>
    private static Dictionary<string, string?> Fields(Random random, int number)
    {
        Dictionary<string, string?> fields = [];
        foreach (var name in (string[])["status", "severity", "flapping", "snooze", "url", "tags", "changes", "environment", "assignee", "alerts"])
        {
            if (random.Next(3) > 0) continue;
            fields[name] = name switch
            {
                "flapping" => number % 2 == 0 ? "True" : "False",
                "snooze" => number % 2 == 0 ? $"True {1_900_000_000 + number}" : "False ",
                "url" => $"https://bigpanda.example/{number}",
                "tags" => $"t:{number}",
                "environment" => $"env-{number % 3} Name {number % 3}",
                "alerts" =>
                    string.Join('|', "abc".Where(_ => random.Next(2) == 0).DefaultIfEmpty('a').Select(id => random.Next(3) == 0 ? $"{id}" : $"{id} {number}")),
                _ => random.Next(4) == 0 ? null : $"v{number}",
            };
        }

        return fields;
    }

    private static string Body(Dictionary<string, string?> fields)
    {
        string incident = "", beside = "", metadata = "";
        foreach (var (name, value) in fields)
        {
            switch (name)
            {
                case "status" or "severity": incident += $",\"{name}\":{(value is null ? "null" : $"\"{value}\"")}"; break;
                case "flapping": incident += $",\"flapping\":{value?.ToLowerInvariant()}"; break;
                case "snooze":
                    incident += value == "False " ? ",\"snooze\":{\"snoozed\":false}" : $",\"snooze\":{{\"snoozed\":true,\"wake\":{value?[5..]}}}";
                    break;
                case "url": beside += $",\"links\":{{\"landingPage\":\"{value}\"}}"; break;
                case "tags": beside += $",\"incidentTags\":[{{\"id\":\"t\",\"value\":{value?[2..]}}}]"; break;
                case "changes": beside += $",\"relatedChanges\":{(value is null ? "null" : $"[{{\"comment\":\"{value}\"}}]")}"; break;
                case "environment": metadata += $",\"environment_id\":\"{value?[..5]}\",\"environment\":\"{value?[6..]}\""; break;
                case "assignee": metadata += $",\"assignee\":{(value is null ? "null" : $"{{\"name\":\"{value}\"}}")}"; break;
                case "alerts": incident += $",\"alerts\":[{string.Join(',', (value ?? "").Split('|').Select(Alert))}]"; break;
            }
        }

        return $"{{\"incident\":{{\"id\":\"i\",\"changedOn\":{{0}}{incident}}}{beside},\"metadata\":{{\"x\":1{metadata}}}}}";
    }

    private static string Alert(string alert) => alert.Length == 1
        ? $"{{\"id\":\"{alert}\"}}"
        : $"{{\"id\":\"{alert[0]}\",\"status\":\"{alert[2..]}\",\"tags\":[{{\"name\":\"n{alert[2..]}\",\"value\":1}}]}}";

    private static Dictionary<string, string> Model(Dictionary<string, string?>[] said)
    {
        Dictionary<string, string> expected = [];
        foreach (var fields in said)
        {
            foreach (var (name, value) in fields)
            {
                // A null assignee means unassigned; null elsewhere is ignored.
                if (name == "assignee") expected[name] = $"{value} by ";
                else if (name == "alerts") expected[name] = string.Join('|', (value ?? "").Split('|').Select(alert => Known(alert[0], said, fields)));
                else if (value is not null) expected[name] = value;
            }
        }

        return expected;
    }

    /// <summary>The newest value given for an alert.</summary>
    private static string Known(char id, Dictionary<string, string?>[] said, Dictionary<string, string?> last)
    {
        var number = "";
        foreach (var fields in said)
        {
            if (fields.TryGetValue("alerts", out var alerts) && alerts?.Split('|').FirstOrDefault(alert => alert[0] == id && alert.Length > 1) is { } found)
                number = found[2..];
            if (ReferenceEquals(fields, last)) break;
        }

        return number.Length == 0 ? $"{id}    " : $"{id} {number}   n{number}";
    }

    private static string Text(IReadOnlyDictionary<string, string> shown) => string.Join('\n', shown.Select(pair => $"{pair.Key}={pair.Value}"));
}

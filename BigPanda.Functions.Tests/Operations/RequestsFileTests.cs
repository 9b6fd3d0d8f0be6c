using System.Text;
using System.Text.RegularExpressions;
using BigPanda.Functions.Tests.Support;

namespace BigPanda.Functions.Tests.Operations;

/// <summary>Sends requests.http from top to bottom as a REST client does, and compares each status with the one in its title.</summary>
public sealed partial class RequestsFileTests
{
    [Fact]
    public async Task Every_request_of_the_file_is_answered_as_it_says()
    {
        await using var bridge = await RunningBridge.StartAsync();
        var blocks = Checkout.Text("requests.http").ReplaceLineEndings("\n").Split("\n### ");
        var variables = Variable().Matches(blocks[0]).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
        variables["api"] = $"{bridge.Host.BaseUrl.OriginalString}/api";
        variables["simulator"] = bridge.Host.SimulatorUrl?.AbsoluteUri.TrimEnd('/') ?? "";
        variables["functionKey"] = bridge.Host.FunctionKey;
        variables["bearerToken"] = bridge.Host.BearerToken;
        using var client = new HttpClient();

        foreach (var block in blocks.Skip(1))
        {
            var (title, status) = Title(block);
            using var request = Request(
                Use().Replace(block[block.IndexOf('\n', StringComparison.Ordinal)..].Trim(), match => variables[match.Groups[1].Value]));
            using var answer = await client.SendAsync(request);
            Assert.True(status == (int)answer.StatusCode, $"{title}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            // The alert appears shortly after its webhook was accepted.
            if (title.StartsWith("An incident opens", StringComparison.Ordinal)) await bridge.UntilAsync($"/alerts/{variables["incident"]}", _ => true);
        }

        Assert.True(blocks.Length > 15, "The requests were not found.");
    }

    private static (string Title, int Status) Title(string block)
    {
        var line = block.Split('\n')[0];
        return (line, int.Parse(line[^3..], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static HttpRequestMessage Request(string text)
    {
        var parts = text.Split("\n\n", 2);
        var lines = parts[0].Split('\n');
        var body = parts switch
        {
            [_, var file, ..] when file.StartsWith("< ", StringComparison.Ordinal) => File.ReadAllBytes(Path.Combine(Checkout.Root, file[2..].Trim())),
            [_, var json, ..] => Encoding.UTF8.GetBytes(json),
            _ => null,
        };
        var request = new HttpRequestMessage(HttpMethod.Parse(lines[0].Split(' ')[0]), lines[0].Split(' ')[1])
        {
            Content = body is null ? null : new ByteArrayContent(body),
        };
        foreach (var header in lines.Skip(1).Select(line => line.Split(": ", 2)))
        {
            if (header[0] == "Content-Type") request.Content?.Headers.TryAddWithoutValidation(header[0], header[1]);
            else request.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        return request;
    }

    [GeneratedRegex(@"^@(\w+) = (.+)$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Use();
}

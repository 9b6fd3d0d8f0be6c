using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BigPanda.Functions.Tests.Support;

/// <summary>What a problem document says.</summary>
internal static class ProblemText
{
    public static async Task<string?> DetailAsync(this IResult? problem)
    {
        var context = new DefaultHttpContext { RequestServices = IntakeResponse.Services, Response = { Body = new MemoryStream() } };
        await (problem ?? throw new InvalidOperationException("There is no problem.")).ExecuteAsync(context);
        context.Response.Body.Position = 0;
        using var json = await JsonDocument.ParseAsync(context.Response.Body);
        return json.RootElement.GetProperty("detail").GetString();
    }
}

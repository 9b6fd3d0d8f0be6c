using System.Text.Json.Serialization;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace BigPanda.Functions.Console.Api;

/// <summary><c>GET /sign-in</c>: how people sign in to the console, and who the caller is. The page asks before it shows anything.</summary>
public sealed class SignInFunction(ConsoleGate gate)
{
    [Function("GetSignIn")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "sign-in")] HttpRequest request) =>
        JsonResponse.Of(ViewOf(request), SignInJson.Default.SignInView);

    private SignInView ViewOf(HttpRequest request)
    {
        if (!gate.UsesEntra) return new SignInView(ConsoleOptions.Key, null, null, null, null);
        return gate.SignIn(request) switch
        {
            ({ } user, _, _) => new SignInView(ConsoleOptions.Entra, user.Person.Name, user.Role?.ToString(), null, null),
            (_, var problem, var detail) => new SignInView(ConsoleOptions.Entra, null, null, problem.Code, detail),
        };
    }
}

/// <param name="Mode"><c>key</c> or <c>entra</c>.</param>
/// <param name="Name">Of the person who has signed in with Entra ID.</param>
/// <param name="Role">Null also for a person without one.</param>
/// <param name="Problem">Why no person has signed in: the code of a problem.</param>
/// <param name="Detail">The same, for people.</param>
internal sealed record SignInView(string Mode, string? Name, string? Role, string? Problem, string? Detail);

[JsonSerializable(typeof(SignInView))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SignInJson : JsonSerializerContext;

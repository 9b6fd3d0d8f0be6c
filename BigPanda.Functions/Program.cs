using BigPanda.Functions;
using BigPanda.Functions.Audit;
using BigPanda.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Use(next => async context =>
{
    if (context.GetHttpContext() is not { } http)
    {
        await next(context);
        return;
    }

    ResponseHeaders.Set(http.Response);
    try
    {
        context.GetInvocationResult().Value = await context.InstanceServices.GetRequiredService<AuditTrail>().RunAsync(
            context.FunctionDefinition.Name, http.Request, RunAsync, context.CancellationToken);
    }
    catch (BadHttpRequestException e) when (!http.Response.HasStarted)
    {
        await Problems.Unreadable(e.StatusCode).With(e.Message).ExecuteAsync(http);
    }

    async Task<IResult?> RunAsync()
    {
        await next(context);
        return context.GetInvocationResult().Value as IResult;
    }
});
builder.Services.AddBigPanda(builder.Configuration);
var app = builder.Build();
app.Services.CheckConnections();
await app.RunAsync();
